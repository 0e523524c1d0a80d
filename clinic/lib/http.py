"""HTTP: which methods views answer, responses in parts, and requests over the network.

Requests go to the site as visitors see it, to a monitor, and to a service that receives alarms. Redirects are not
followed: what is sent reaches the given address and no other.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPRedirectHandler, build_opener

from django.http import HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.request import Request

    from django.http import HttpRequest

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
# A single range. A request for several gets the whole response, as RFC 9110 (14.2) allows.
RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")


class MethodMiddleware(MiddlewareMixin):
    """Comes before the check of the CSRF token, which would answer 403."""

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponseNotAllowed | None:
        # Views that are exempt from that check answer for themselves.
        answers_itself = request.method in METHODS or getattr(view, "csrf_exempt", False)
        return None if answers_itself else HttpResponseNotAllowed(METHODS)


def read_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer GET and HEAD; a POST gets 405, not the 403 of a missing CSRF token: the view changes nothing."""
    return csrf_exempt(require_safe(view))


def in_parts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer `Range` and `If-Range` where the view's response has an ETag."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **named: Any) -> Any:
        response = view(request, *args, **named)
        if response.status_code != HTTPStatus.OK or "ETag" not in response:
            return response
        response["Accept-Ranges"] = "bytes"
        asked = RANGE.fullmatch(request.headers.get("Range", ""))
        is_same = request.headers.get("If-Range", response["ETag"]) == response["ETag"]
        return part(response, **asked.groupdict()) if asked and is_same and request.method == "GET" else response

    return serve


def part(response: Any, first: str, last: str) -> Any:
    """Return the bytes from the first to the last; without `first` as many of the last ones as `last` says."""
    if not (first or last) or (first and last and int(first) > int(last)):
        return response
    content = response.getvalue()
    start = int(first) if first else max(len(content) - int(last), 0)
    wanted = content[start : int(last) + 1 if first and last else None]
    response.status_code = HTTPStatus.PARTIAL_CONTENT if wanted else HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    response["Content-Range"] = f"bytes {f'{start}-{start + len(wanted) - 1}' if wanted else '*'}/{len(content)}"
    response["Content-Length"] = str(len(wanted))
    if response.streaming:
        response.streaming_content = [wanted]
    else:
        response.content = wanted
    return response


class NotHttpError(OSError):
    """Something answered, but not by HTTP."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


@contextmanager
def answer_to(request: Request, seconds: float) -> Iterator[Any]:
    """Yield the response. Raises `OSError` for any failure, and `HTTPError` for a response that is not a success."""
    try:
        with _opener.open(request, timeout=seconds) as response:
            yield response
    except (HTTPException, ValueError) as error:
        # Neither is an OSError: a response that is not HTTP or is cut off, and an impossible host name.
        raise NotHttpError(type(error).__name__) from error
