"""What a clock that was ahead, and has been put back, left behind: times at which mail would go out days too late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from contact.mail import outbox
from contact.models import Alarm, Job, Message
from contact.monitoring import alarms
from contact.monitoring.scheduler import SKEW

if TYPE_CHECKING:
    from datetime import datetime


def pull_back(now: datetime | None = None) -> str:
    """Let mail and alarms go out now if their times can only come from a wrong clock; a job, once a minute."""
    now = now or timezone.now()
    latest = now + SKEW
    longest_wait = timedelta(minutes=max(outbox.WAITS))
    unsent = Message.objects.unsent()
    corrected = (
        unsent.filter(not_before__gt=latest + longest_wait).update(not_before=now),
        unsent.filter(claimed_until__gt=latest + outbox.LEASE).update(claim="", claimed_until=None),
        # Alarms count from these.
        unsent.filter(created_at__gt=latest).update(created_at=now),
        Job.objects.filter(failing_since__gt=latest).update(failing_since=now),
        Alarm.objects.filter(claimed_until__gt=latest + alarms.LEASE).update(claimed_until=None),
    )
    return f"{sum(corrected)} times corrected"
