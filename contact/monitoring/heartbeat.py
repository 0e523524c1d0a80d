"""Whether the worker is alive, and what stands over both admins when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from contact.models import Job
from contact.models.watch import AlarmType
from contact.monitoring.alarms import end_alarm

if TYPE_CHECKING:
    from datetime import datetime

HEARTBEAT = "heartbeat"
BEATS_EVERY = timedelta(seconds=30)
# A worker that starts, or is busy with one slow mail server, is not dead.
SILENT_AFTER = timedelta(minutes=3)
STOPPED = "No mail is sent and nothing runs by the clock. Whoever looks after the server starts it: manage.py work."
# On every page of both admins, so written by hand: Django takes longer to write two queries than they take. Whether
# the worker has stopped is asked of its heartbeat: who would raise an alarm about it?
WRONG = """
    SELECT 'worker_stopped', '', NULL
    WHERE NOT EXISTS (SELECT 1 FROM contact_job WHERE name = 'heartbeat' AND last_finished_at >= %s)
    UNION ALL
    SELECT kind, detail, raised_at FROM contact_alarm WHERE ended_at IS NULL AND kind <> 'worker_stopped'
    ORDER BY 3 DESC NULLS FIRST
"""


@dataclass(frozen=True)
class Banner:
    text: str
    detail: str = ""


def beat() -> str:
    """End the alarm about a worker that has stopped. That the clock's row is written is the sign of life."""
    end_alarm(AlarmType.WORKER_STOPPED)
    return "alive"


def last_sign_of_life() -> datetime | None:
    found = Job.objects.filter(name=HEARTBEAT).values_list("last_finished_at", flat=True)[:1]
    return next(iter(found), None)


def is_alive(now: datetime | None = None) -> bool:
    last = last_sign_of_life()
    return last is not None and (now or timezone.now()) - last <= SILENT_AFTER


def banners(now: datetime | None = None) -> list[Banner]:
    """Return what is wrong, the worst first; nothing of any patient is in it."""
    since = connection.ops.adapt_datetimefield_value((now or timezone.now()) - SILENT_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(WRONG, [since])
        rows = cursor.fetchall()
    return [Banner(f"{AlarmType(kind).label}.", _explained(kind, detail)) for kind, detail, _raised_at in rows]


def _explained(kind: str, detail: str) -> str:
    if kind == AlarmType.WORKER_STOPPED:
        return STOPPED
    return f"{detail}." if detail else ""
