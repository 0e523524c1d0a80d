"""Scheduled jobs run at their time, in one process at a time, even if other jobs fail."""

from datetime import datetime, time, timedelta
from typing import Any
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.utils import timezone

from contact import jobs
from contact.jobs import correct_times
from contact.mail.outbox import deliver_due
from contact.models import Alarm, Job, Message
from contact.models.message import MessageType
from contact.monitoring import scheduler, synthetic_check
from contact.monitoring.scheduler import RETRY_AFTER, JobSpec, run_due, run_if_due
from tests.contact.factories import make_message

# How far the server's clock was ahead before it was put back.
AHEAD = timedelta(days=2)


def make_due(spec: JobSpec) -> Job:
    """Return the job's row, due now."""
    due = timezone.now() - timedelta(seconds=1)
    return Job.objects.update_or_create(name=spec.name, defaults={"next_run_at": due})[0]


def test_a_job_runs_when_it_is_due_and_looking_for_due_ones_takes_one_query(django_assert_num_queries: Any) -> None:
    spec = JobSpec("tidy", Mock(return_value="tidied"), every=timedelta(minutes=5))
    others = [JobSpec(name, lambda: "", every=timedelta(minutes=5)) for name in ("one", "two")]
    job = make_due(spec)
    assert run_due([spec, *others]) == 3
    with django_assert_num_queries(1):
        assert run_due([spec, *others]) == 0
    job.refresh_from_db()
    assert (job.last_result, job.claim, job.claimed_until) == ("tidied", "", None)
    assert timedelta(minutes=4) < job.next_run_at - timezone.now() <= timedelta(minutes=5)


def test_a_daily_job_waits_for_its_time_and_is_due_again_the_next_day() -> None:
    spec = JobSpec("purge", lambda: "", daily_at=time(3, 30))
    first, second = (datetime(2026, 11, day, 3, 30, tzinfo=ZoneInfo("America/Whitehorse")) for day in (24, 25))
    assert (spec.next_run(first - timedelta(hours=2)), spec.next_run(first)) == (first, second)
    assert run_due([spec]) == 0


def test_a_job_that_another_process_runs_is_left_to_it_until_its_lease_ends() -> None:
    spec = JobSpec("tidy", lambda: "tidied", every=timedelta(minutes=5), lease=timedelta(minutes=2))
    make_due(spec)
    now = timezone.now()
    Job.objects.update(claim="dead", claimed_until=now + spec.lease)
    assert not run_if_due(spec, now + timedelta(minutes=1))
    assert run_if_due(spec, now + timedelta(minutes=2))
    assert Job.objects.get().last_result == "tidied"


def test_a_failing_job_does_not_stop_the_others_and_is_retried_soon(caplog: pytest.LogCaptureFixture) -> None:
    bad = JobSpec("bad", Mock(side_effect=ValueError("Sam Sample")), daily_at=time(3, 30))
    good = JobSpec("good", lambda: "done", every=timedelta(hours=1))
    make_due(good)
    make_due(bad)
    assert run_due([bad, good]) == 2
    job = Job.objects.get(name="bad")
    assert (job.last_error, job.last_finished_at) == ("ValueError", None)
    assert job.next_run_at - timezone.now() <= scheduler.RETRY_AFTER
    assert "Sam" not in caplog.text
    assert Job.objects.get(name="good").last_result == "done"


@pytest.mark.parametrize(
    ("patience", "minutes", "raised"),
    [(timedelta(), 0, True), (timedelta(hours=1), 59, False), (timedelta(hours=1), 61, True), (None, 1440, False)],
)
def test_a_job_that_fails_for_too_long_raises_an_alarm(patience: timedelta | None, minutes: int, raised: bool) -> None:
    bad = JobSpec("purge", Mock(side_effect=ValueError), every=timedelta(minutes=5), patience=patience)
    make_due(bad)
    since = timezone.now() - timedelta(minutes=minutes)
    Job.objects.update(failing_since=since)
    run_due([bad])
    assert [alarm.detail for alarm in Alarm.objects.filter(ended_at=None)] == (["purge: ValueError"] if raised else [])
    assert Job.objects.get().failing_since == since, "since the first failure, not the last"
    fixed = JobSpec("purge", lambda: "done", every=timedelta(minutes=5), patience=patience)
    make_due(fixed)
    # The alarm ends although a job that may fail without one fails.
    run_due([fixed, JobSpec("another", Mock(side_effect=ValueError), every=timedelta(minutes=5))])
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert Job.objects.get(name="purge").failing_since is None


def test_a_database_error_is_raised_to_the_worker() -> None:
    spec = JobSpec("tidy", Mock(side_effect=OperationalError), every=timedelta(minutes=5))
    make_due(spec)
    with pytest.raises(OperationalError):
        run_due([spec])
    assert Job.objects.get().last_error == "DatabaseError"


def test_every_job_can_run_again_and_pictures_are_made_once_for_each_change(monkeypatch: pytest.MonkeyPatch) -> None:
    # It needs a running site: see test_synthetic_check.py.
    monkeypatch.setattr(synthetic_check, "daily_check", lambda: "passed")
    specs, made = jobs.job_specs(), []
    for _ in range(3):
        for spec in specs:
            make_due(spec)
            assert run_if_due(spec)
        made.append(Job.objects.get(name=jobs.MAKE_RENDITIONS).last_result)
    assert list(Job.objects.exclude(last_error="").values_list("name", "last_error")) == []
    assert made == ["1 made", "0 made", "nothing to make"], "the home page's picture for sharing, then none"


def test_mail_that_waits_for_the_day_after_tomorrow_goes_out_now() -> None:
    then = timezone.now() + AHEAD
    for fields in ({"not_before": then}, {"claim": "x", "claimed_until": then}, {"created_at": then}):
        make_message(**fields)
    waits = make_message(not_before=timezone.now() + timedelta(minutes=50))
    assert correct_times() == "3 times corrected"
    assert deliver_due().sent == 3
    assert list(Message.objects.unsent()) == [waits]
    sent = make_message(kind=MessageType.PASSWORD_RESET, created_at=then, sent_at=then)
    assert correct_times() == "2 times corrected"
    sent.refresh_from_db()
    assert sent.created_at <= timezone.now() >= sent.sent_at
    assert correct_times() == "0 times corrected"


def test_a_daily_job_that_failed_ahead_of_time_is_tried_again_today() -> None:
    """A purge that asked a person first because of the clock says so no longer once it is right."""
    then = timezone.now() + AHEAD
    job = Job.objects.create(name="tidy", next_run_at=then, failing_since=then)
    run_due([JobSpec("tidy", lambda: "tidied", daily_at=time(3, 30))])
    job.refresh_from_db()
    assert job.next_run_at <= timezone.now() + RETRY_AFTER


@pytest.mark.parametrize("field", ["next_run_at", "claimed_until", "failing_since"])
def test_a_job_is_due_again_at_its_next_time(field: str) -> None:
    spec = JobSpec("tidy", lambda: "tidied", every=timedelta(minutes=5))
    Job.objects.create(name="tidy", **{field: timezone.now() + AHEAD})
    correct_times()
    assert not Job.objects.filter(failing_since__gt=timezone.now()).exists()
    run_due([spec])
    job = Job.objects.get()
    assert job.next_run_at <= timezone.now() + timedelta(minutes=5)
    assert job.claimed_until is job.failing_since is None
