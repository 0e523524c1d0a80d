"""`/healthz/worker`, for an outside monitor that asks every few minutes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from contact.monitoring.status import is_worker_alive

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def worker_health(_request: HttpRequest) -> HttpResponse:
    """Answer `ok`, or 503 and the reason while the worker is silent or the database does not answer."""
    try:
        answer = "ok" if is_worker_alive() else "the worker is silent"
    except DatabaseError:
        answer = "the database does not answer"
    status = HTTPStatus.OK if answer == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return HttpResponse(answer, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
