"""HTTP: which methods views answer."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

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
