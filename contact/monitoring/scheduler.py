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
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.lib.logs import log_failure
from contact.models import Job
from contact.models.watch import AlarmType
from contact.monitoring import alarms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

# After a failure; sooner only where the job comes sooner anyway.
TRY_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class JobSpec:
    """A job and when it runs: every so often, or each day at a local time.

    `work` returns what it did, in a few words without personal data. `lease`: longer than it ever takes. What has
    failed for longer than `patience` raises an alarm; None where the job raises one of its own. `title`: what it is
    called at the desk.
    """

    name: str
    work: Callable[[], str]
    every: timedelta | None = None
    daily_at: time | None = None
    lease: timedelta = timedelta(minutes=10)
    patience: timedelta | None = timedelta(hours=1)
    title: str = ""

    def next_run(self, now: datetime) -> datetime:
        """Return when the job is due after it ran at `now`."""
        if self.daily_at is None:
            return now + (self.every or timedelta())
        local = timezone.localtime(now)
        today = local.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)

    def next_try(self, now: datetime) -> datetime:
        return min(now + TRY_AGAIN_AFTER, self.next_run(now))


def run_due(plans: Iterable[JobSpec], should_stop: Callable[[], bool] = lambda: False) -> int:
    """Run each job that is due and that no other process has, and return how many ran.

    A job's failure is recorded and does not end the others. Raises `django.db.Error` when the database does not answer.
    """
    ran = 0
    plans = list(plans)
    for plan in plans:
        if should_stop():
            break
        ran += run_if_due(plan)
    if ran:
        tell_failures(plans)
    return ran


def tell_failures(plans: Iterable[JobSpec], now: datetime | None = None) -> None:
    """Raise the alarm about jobs that fail for longer than they may, or end it when there is none."""
    now = now or timezone.now()
    patience = {plan.name: plan.patience for plan in plans if plan.patience is not None}
    failing = Job.objects.filter(name__in=patience).exclude(failing_since=None)
    too_long = [
        f"{name}: {error}"
        for name, error, since in failing.values_list("name", "last_error", "failing_since")
        if since is not None and now - since >= patience[name]
    ]
    if too_long:
        alarms.raise_alarm(AlarmType.JOB_FAILED, "; ".join(too_long))
    else:
        alarms.end_alarm(AlarmType.JOB_FAILED)


def run_if_due(plan: JobSpec, now: datetime | None = None) -> bool:
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
        last_finished_at=now, last_result=result[:255], last_error="", failing_since=None,
    )  # fmt: skip
    return True


def _claim(plan: JobSpec, now: datetime) -> str:
    """Return the claim, or nothing when the job is not due or another process has it."""
    claim = uuid4().hex
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    won = (
        Job.objects.filter(free, name=plan.name, next_run_at__lte=now)
        .update(claim=claim, claimed_until=now + plan.lease, last_started_at=now)
    )  # fmt: skip
    return claim if won else ""


def _record_failure(plan: JobSpec, claim: str, error: str) -> None:
    now = timezone.now()
    _mine(plan, claim).update(
        claim="", claimed_until=None, next_run_at=plan.next_try(now),
        last_error=error[:255], failing_since=Coalesce("failing_since", Value(now)),
    )  # fmt: skip


def _mine(plan: JobSpec, claim: str) -> QuerySet[Job]:
    return Job.objects.filter(name=plan.name, claim=claim)


def enter(plans: Iterable[JobSpec]) -> None:
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
