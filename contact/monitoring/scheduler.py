"""Run scheduled jobs when they are due. It knows no job: `contact/jobs.py` has the table.

Any number of processes may run it: one UPDATE claims a job, and only one process can win it. If a process dies, its
claim runs out and the job is due again, so every job must be safe to run twice. When the clock was ahead and has been
put back, times that lie too far ahead are pulled back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import Error as DatabaseError
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.lib.logs import log_failure
from contact.models import Job
from contact.models.monitoring import AlarmType
from contact.monitoring import alarms

# After a failure; jobs that run more often are not delayed.
RETRY_AFTER = timedelta(minutes=5)
# How far the clocks of two machines may differ.
SKEW = timedelta(minutes=1)


class JobError(Exception):
    """A job failed for a reason that staff should read: a sentence without personal data."""


@dataclass(frozen=True)
class JobSpec:
    """What a job does, and when: at an interval, or every day at a local time.

    `work` returns what it did, in a few words without personal data. `lease` must be longer than it ever takes. A job
    that has been failing for longer than `patience` raises an alarm; None if it raises its own. `title` is for staff.
    """

    name: str
    work: Callable[[], str]
    every: timedelta | None = None
    daily_at: time | None = None
    lease: timedelta = timedelta(minutes=10)
    patience: timedelta | None = timedelta(hours=1)
    title: str = ""

    def next_run(self, now: datetime) -> datetime:
        if self.daily_at is None:
            return now + (self.every or timedelta())
        local = timezone.localtime(now)
        today = local.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)


def run_due(specs: Sequence[JobSpec], should_stop: Callable[[], bool] = lambda: False) -> int:
    """Run each job that is due and that no other process has claimed; return how many ran.

    One query when nothing is due. A job that fails does not stop the others. Raises `django.db.Error` when the
    database does not answer.
    """
    now = timezone.now()
    rows = {job.name: job for job in Job.objects.only("name", "next_run_at", "claimed_until", "failing_since")}
    ran = 0
    for spec in specs:
        first_run = {"next_run_at": spec.next_run(now) if spec.daily_at else now}
        job = rows.get(spec.name) or Job.objects.get_or_create(name=spec.name, defaults=first_run)[0]
        _pull_back(job, spec, now)
        is_due = job.next_run_at <= now and (job.claimed_until is None or job.claimed_until <= now)
        if is_due and not should_stop():
            ran += run_if_due(spec)
    if ran:
        check_failures(specs)
    return ran


def _pull_back(job: Job, spec: JobSpec, now: datetime) -> None:
    """Correct a time that the job cannot have been given by a clock like this one."""
    rows = Job.objects.filter(pk=job.pk)
    latest = min(spec.next_run(now), now + RETRY_AFTER) if job.failing_since else spec.next_run(now)
    if job.next_run_at > latest + SKEW:
        job.next_run_at = latest
        rows.update(next_run_at=job.next_run_at)
    if job.claimed_until and job.claimed_until > now + spec.lease + SKEW:
        job.claimed_until = None
        rows.update(claim="", claimed_until=None)


def run_if_due(spec: JobSpec, now: datetime | None = None) -> bool:
    now = now or timezone.now()
    claim = uuid4().hex
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = Job.objects.filter(free, name=spec.name, next_run_at__lte=now)
    if not due.update(claim=claim, claimed_until=now + spec.lease, last_started_at=now):
        return False
    claimed = Job.objects.filter(name=spec.name, claim=claim)
    try:
        result, error = spec.work(), ""
    except DatabaseError:
        # If the database itself is down, this fails too, and the claim runs out later.
        _finish(spec, claimed, "", "DatabaseError")
        raise
    except Exception as failure:  # noqa: BLE001  the other jobs must run; the failure is recorded and logged
        log_failure(f"The job {spec.name} failed", failure)
        result, error = "", str(failure) if isinstance(failure, JobError) else type(failure).__name__
    _finish(spec, claimed, result, error)
    return True


def _finish(spec: JobSpec, claimed: QuerySet[Job], result: str, error: str) -> None:
    now = timezone.now()
    next_run, failing_since = spec.next_run(now), Coalesce("failing_since", Value(now))
    done: dict[str, Any] = {"next_run_at": next_run, "last_finished_at": now, "last_result": result[:255]}
    failed = {"next_run_at": min(now + RETRY_AFTER, next_run), "failing_since": failing_since}
    outcome = failed if error else done | {"failing_since": None}
    claimed.update(claim="", claimed_until=None, last_error=error[:255], **outcome)


def check_failures(specs: Sequence[JobSpec], now: datetime | None = None) -> None:
    """Raise or end the alarm about jobs that have been failing for longer than their `patience`."""
    now = now or timezone.now()
    patience = {spec.name: spec.patience for spec in specs if spec.patience is not None}
    failing = Job.objects.filter(name__in=patience, failing_since__isnull=False)
    too_long = [
        f"{job.name}: {job.last_error}"
        for job in failing
        if job.failing_since and now - job.failing_since >= patience[job.name]
    ]
    alarms.set_alarm(AlarmType.JOB_FAILED, "; ".join(too_long))
