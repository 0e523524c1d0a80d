"""Run what is due. Any number of processes may: each job is claimed by one UPDATE that only one can win.

A process that dies in the middle leaves a claim that ends by itself; the job is due again then. So each job must be
safe to be run twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import Error as DatabaseError
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from contact.clock import alarms
from contact.models import Alarm, Job
from contact.showing import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

# After a failure; sooner only where the job comes sooner anyway.
TRY_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Plan:
    """A job and when it runs: every so often, or each day at a local time.

    `work` returns what it did, in a few words without personal data. `lease`: longer than it ever takes. Where
    `alarms` is true, a failure is told by the second channel.
    """

    name: str
    work: Callable[[], str]
    every: timedelta | None = None
    daily_at: time | None = None
    lease: timedelta = timedelta(minutes=10)
    alarms: bool = False

    def next_run(self, now: datetime) -> datetime:
        """Return when the job is due after it ran at `now`."""
        if self.daily_at is None:
            return now + (self.every or timedelta())
        local = timezone.localtime(now)
        today = local.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)

    def next_try(self, now: datetime) -> datetime:
        return min(now + TRY_AGAIN_AFTER, self.next_run(now))


def run_due(plans: Iterable[Plan], should_stop: Callable[[], bool] = lambda: False) -> int:
    """Run each job that is due and that no other process has, and return how many ran.

    A job's failure is recorded and does not end the others. Raises `django.db.Error` when the database does not answer.
    """
    ran = 0
    for plan in plans:
        if should_stop():
            break
        ran += run_if_due(plan)
    return ran


def run_if_due(plan: Plan, now: datetime | None = None) -> bool:
    """Run the job if it is due and nobody else runs it; say whether it ran."""
    now = now or timezone.now()
    claim = _claim(plan, now)
    if not claim:
        return False
    try:
        result = plan.work()
    except DatabaseError:
        # Perhaps the database itself is gone: then nothing can be recorded, and the claim ends by itself.
        _record_failure(plan, claim, "DatabaseError")
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the other jobs must run; it is recorded and logged
        log_failure(f"The job {plan.name} failed", error)
        _record_failure(plan, claim, type(error).__name__)
        return True
    now = timezone.now()
    _mine(plan, claim).update(
        claim="", claimed_until=None, next_run_at=plan.next_run(now),
        last_finished_at=now, last_result=result[:255], last_error="",
    )  # fmt: skip
    if plan.alarms and not Job.objects.exclude(last_error="").exists():
        alarms.end_alarm(Alarm.Kind.JOB_FAILED)
    return True


def _claim(plan: Plan, now: datetime) -> str:
    """Return the claim, or nothing when the job is not due or another process has it."""
    claim = uuid4().hex
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    won = (
        Job.objects.filter(free, name=plan.name, next_run_at__lte=now)
        .update(claim=claim, claimed_until=now + plan.lease, last_started_at=now)
    )  # fmt: skip
    return claim if won else ""


def _record_failure(plan: Plan, claim: str, error: str) -> None:
    now = timezone.now()
    _mine(plan, claim).update(claim="", claimed_until=None, next_run_at=plan.next_try(now), last_error=error[:255])
    if plan.alarms:
        alarms.raise_alarm(Alarm.Kind.JOB_FAILED, f"{plan.name}: {error}")


def _mine(plan: Plan, claim: str) -> QuerySet[Job]:
    return Job.objects.filter(name=plan.name, claim=claim)


def enter(plans: Iterable[Plan]) -> None:
    """Make the row of each job that has none yet; a daily one is first due at its next time."""
    now = timezone.now()
    known = set(Job.objects.values_list("name", flat=True))
    for plan in plans:
        if plan.name in known:
            continue
        first = plan.next_run(now) if plan.daily_at else now
        try:
            Job.objects.create(name=plan.name, next_run_at=first)
        except IntegrityError:
            logger.info("Another process entered the job %s a moment ago.", plan.name)
