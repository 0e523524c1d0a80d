from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from pytest_django import Settings

from clinic.lib.http import with_visited_address

TRUSTED, STRANGER = "127.0.0.1", "203.0.113.5"


def visit(host: str = "clinic.example", path: str = "/", **environ: str) -> tuple[str, str, str]:
    """Return the scheme that the site sees, or the status and location that the visitor gets."""
    asked: dict[str, Any] = {"REMOTE_ADDR": TRUSTED, "HTTP_HOST": host, "PATH_INFO": path} | environ
    setup_testing_defaults(asked)
    seen = []

    def site(environ: Any, _start: Any) -> list[bytes]:
        seen.append((environ["wsgi.url_scheme"], "", ""))
        return []

    def start(status: str, headers: Any, _exc_info: Any = None, /) -> Any:
        seen.append(("", status, dict(headers)["Location"]))

    with_visited_address(site)(asked, start)
    return seen[0]


@pytest.fixture(autouse=True)
def site_url(settings: Settings) -> None:
    settings.SITE_URL = "https://clinic.example"


@pytest.mark.parametrize(
    ("headers", "scheme"),
    [
        ({}, "http"),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "HTTPS, http"}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "http, https"}, "http"),
        ({"HTTP_X_FORWARDED_PROTO": "http", "HTTP_CF_VISITOR": '{"scheme":"https"}'}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "http", "HTTP_CF_VISITOR": '{"scheme":"http"}'}, "http"),
        ({"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": STRANGER}, "http"),
        ({"HTTP_CF_VISITOR": '{"scheme":"https"}', "REMOTE_ADDR": STRANGER}, "http"),
    ],
)
def test_the_scheme_is_the_one_that_the_visitor_used(headers: dict[str, str], scheme: str) -> None:
    assert visit(**headers)[0] == scheme


def test_www_or_its_absence_redirects_to_the_address_of_the_site_and_nowhere_else(settings: Settings) -> None:
    location = "https://clinic.example/fees/?a=b&c=%22"
    for host in ("www.clinic.example", "WWW.Clinic.Example", "www.clinic.example:8000"):
        assert visit(host, "/fees/", QUERY_STRING="a=b&c=%22")[1:] == ("301 Moved Permanently", location)
        # A form is sent again, not turned into a visit of its page.
        assert visit(host, "/enquiry/", REQUEST_METHOD="POST")[1].startswith("308 ")
    assert visit("www.clinic.example", "//evil.example/\r\nSet-Cookie: a=b")[2] == (
        "https://clinic.example//evil.example/%0D%0ASet-Cookie:%20a%3Db"
    )
    assert visit("www.evil.example") == ("http", "", "")
    settings.SITE_URL = "https://www.clinic.example"
    assert visit("clinic.example")[2] == "https://www.clinic.example/"
    assert visit("www.clinic.example")[0] == "http"
