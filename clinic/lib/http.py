"""HTTP: which methods views answer, and requests over the network.

Requests go to the site as visitors see it, to a monitor, and to a service that receives alarms. Redirects are not
followed: what is sent reaches the given address and no other.
"""

from __future__ import annotations

from contextlib import contextmanager
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


class MethodMiddleware(MiddlewareMixin):
    """Comes before the check of the CSRF token, which would answer 403."""

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponseNotAllowed | None:
        # Views that are exempt from that check answer for themselves.
        answers_itself = request.method in METHODS or getattr(view, "csrf_exempt", False)
        return None if answers_itself else HttpResponseNotAllowed(METHODS)


def read_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer GET and HEAD; a POST gets 405, not the 403 of a missing CSRF token: the view changes nothing."""
    return csrf_exempt(require_safe(view))


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
