"""Which HTTP methods a view answers."""

from collections.abc import Callable
from typing import Any

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def read_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer GET and HEAD; a POST gets 405, not the 403 of a missing CSRF token: the view changes nothing."""
    return csrf_exempt(require_safe(view))
