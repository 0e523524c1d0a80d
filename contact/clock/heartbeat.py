"""Whether the worker is alive, and what stands over both admins when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from contact.clock.alarms import end_alarm
from contact.models import Alarm, Job

if TYPE_CHECKING:
    from datetime import datetime

HEARTBEAT = "heartbeat"
BEATS_EVERY = timedelta(seconds=30)
# A worker that starts, or is busy with one slow mail server, is not dead.
SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Banner:
    text: str
    detail: str = ""


def beat() -> str:
    """End the alarm about a worker that has stopped. That the clock's row is written is the sign of life."""
    end_alarm(Alarm.Kind.WORKER_STOPPED)
    return "alive"


def last_sign_of_life() -> datetime | None:
    found = Job.objects.filter(name=HEARTBEAT).values_list("last_finished_at", flat=True)[:1]
    return next(iter(found), None)


def is_alive(now: datetime | None = None) -> bool:
    last = last_sign_of_life()
    return last is not None and (now or timezone.now()) - last <= SILENT_AFTER


def banners(now: datetime | None = None) -> list[Banner]:
    """Return what is wrong, the worst first, by two queries; nothing of any patient is in it."""
    standing = [
        Banner(f"{alarm.get_kind_display()}.", f"{alarm.detail}." if alarm.detail else "")
        for alarm in Alarm.objects.standing()
        # Whether it has, is asked just below.
        if alarm.kind != Alarm.Kind.WORKER_STOPPED
    ]
    if is_alive(now):
        return standing
    stopped = "No mail is sent and nothing runs by the clock. Whoever looks after the server starts it: manage.py work."
    return [Banner("The worker has stopped.", stopped), *standing]
