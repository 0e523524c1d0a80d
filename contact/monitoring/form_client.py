"""The little of a browser that is needed to read a form and send it: no cookies, no scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request

from bs4 import BeautifulSoup

from clinic.lib.http import answer_to

if TYPE_CHECKING:
    from http.client import HTTPResponse

SECONDS_TO_ANSWER = 20
LARGEST = 5_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    html: str
    location: str = ""


def get(url: str) -> Answer:
    """Raises `OSError` if there is no answer."""
    return _ask(Request(url))  # noqa: S310  `check_form` accepts only http and https


def post(url: str, fields: dict[str, str]) -> Answer:
    """Send a form as a browser does. Raises `OSError` if there is no answer."""
    parts = urlsplit(url)
    headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
    return _ask(Request(url, urlencode(fields).encode(), headers))  # noqa: S310  as above


def _ask(request: Request) -> Answer:
    request.add_header("User-Agent", "ClinicCheck/1 (this site's own)")
    request.add_header("Accept", "text/html")
    try:
        with answer_to(request, SECONDS_TO_ANSWER) as response:
            return _answer(response)
    except HTTPError as error:
        with error:
            return _answer(error)


def _answer(response: HTTPResponse | HTTPError) -> Answer:
    html = response.read(LARGEST).decode("utf-8", "replace")
    location = response.headers.get("Location", "")
    return Answer(response.status or 0, html, urljoin(response.url or "", location) if location else "")


@dataclass(frozen=True)
class Form:
    """The enquiry form of a page: where it is sent, and the values of its fields before anyone types."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def enquiry_form(html: str, url: str) -> Form:
    """Return the page's enquiry form; its `action` is empty if there is none."""
    form = BeautifulSoup(html, "html.parser").select_one("form#enquiry[action]")
    if form is None:
        return Form()
    inputs = form.select("input[name]:not([type=radio], [type=checkbox], [type=submit])")
    fields = {str(one["name"]): str(one.get("value", "")) for one in inputs}
    return Form(urljoin(url, str(form["action"])), fields)
