"""Whether the worker is alive, for a watcher outside that asks every few minutes; nothing else is told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from contact.monitoring import heartbeat

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def worker_health(_request: HttpRequest) -> HttpResponse:
    """Answer `ok`, or 503 while the worker is silent or the database does not answer."""
    try:
        said = "ok" if heartbeat.is_alive() else "the worker is silent"
    except DatabaseError:
        said = "the database does not answer"
    status = HTTPStatus.OK if said == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return HttpResponse(said, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
