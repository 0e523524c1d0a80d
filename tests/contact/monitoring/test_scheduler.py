"""What runs by the clock: each at its time, in one process, whatever becomes of the others."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.utils import timezone

from clinic.models import ContentVersion
from contact import jobs
from contact.models import Alarm, Job
from contact.monitoring import scheduler
from contact.monitoring.scheduler import JobSpec, enter, run_due, run_if_due
from contact.monitoring.synthetic_check import prover

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("America/Whitehorse")


def failing(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


def entered(plan: JobSpec) -> Job:
    """Return the job's row, due now."""
    enter([plan])
    Job.objects.filter(name=plan.name).update(next_run_at=timezone.now() - timedelta(seconds=1))
    return Job.objects.get(name=plan.name)


def test_a_job_runs_when_it_is_due_and_not_again_before_its_time() -> None:
    ran: list[str] = []

    def tidy() -> str:
        ran.append("once")
        return "tidied"

    plan = JobSpec("tidy", tidy, every=timedelta(minutes=5))
    job = entered(plan)
    assert run_due([plan]) == 1
    assert run_due([plan]) == 0
    job.refresh_from_db()
    assert (ran, job.last_result, job.claim, job.claimed_until) == (["once"], "tidied", "", None)
    assert timedelta(minutes=4) < job.next_run_at - timezone.now() <= timedelta(minutes=5)


def test_a_daily_job_waits_for_its_time_and_is_due_again_the_next_day() -> None:
    plan = JobSpec("purge", lambda: "", daily_at=time(3, 30))
    before = datetime(2026, 11, 24, 1, 0, tzinfo=HERE)
    assert plan.next_run(before) == datetime(2026, 11, 24, 3, 30, tzinfo=HERE)
    assert plan.next_run(plan.next_run(before)) == datetime(2026, 11, 25, 3, 30, tzinfo=HERE)
    enter([plan])
    assert run_due([plan]) == 0
    assert Job.objects.get().next_run_at > timezone.now()


def test_two_processes_do_not_run_the_same_job() -> None:
    plan = JobSpec("tidy", lambda: str(run_if_due(other)), every=timedelta(minutes=5))
    other = JobSpec("tidy", lambda: "ran a second time", every=timedelta(minutes=5))
    job = entered(plan)
    assert run_if_due(plan)
    job.refresh_from_db()
    assert job.last_result == "False"


def test_a_process_that_died_leaves_its_job_to_the_next_when_its_lease_ends() -> None:
    plan = JobSpec("tidy", lambda: "tidied", every=timedelta(minutes=5), lease=timedelta(minutes=2))
    job = entered(plan)
    now = timezone.now()
    Job.objects.update(claim="dead", claimed_until=now + plan.lease)
    assert not run_if_due(plan, now + timedelta(minutes=1))
    assert run_if_due(plan, now + timedelta(minutes=2))
    job.refresh_from_db()
    assert job.last_result == "tidied"


def test_who_was_overtaken_writes_nothing() -> None:
    def lose_the_claim() -> str:
        Job.objects.update(claim="another")
        return "too late"

    plan = JobSpec("slow", lose_the_claim, every=timedelta(minutes=5))
    job = entered(plan)
    run_if_due(plan)
    job.refresh_from_db()
    assert (job.claim, job.last_result) == ("another", "")


def test_a_failing_job_does_not_keep_the_others_and_is_tried_again_soon(caplog: pytest.LogCaptureFixture) -> None:
    bad = JobSpec("bad", failing(ValueError("Sam Sample")), daily_at=time(3, 30))
    good = JobSpec("good", lambda: "done", every=timedelta(hours=1))
    job = entered(bad)
    entered(good)
    assert run_due([bad, good]) == 2
    job.refresh_from_db()
    assert job.last_error == "ValueError"
    assert job.last_finished_at is None
    assert job.next_run_at - timezone.now() <= scheduler.TRY_AGAIN_AFTER
    assert "Sam" not in caplog.text
    assert Job.objects.get(name="good").last_result == "done"


def test_a_job_that_may_not_fail_raises_an_alarm_at_once_that_ends_when_it_ends_well() -> None:
    bad = JobSpec("purge", failing(ValueError()), daily_at=time(3, 30), patience=timedelta())
    entered(bad)
    run_due([bad])
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.detail, alarm.ended_at) == ("job_failed", "purge: ValueError", None)
    good = JobSpec("purge", lambda: "done", daily_at=time(3, 30), patience=timedelta())
    entered(good)
    run_due([good])
    alarm.refresh_from_db()
    assert alarm.ended_at


def test_any_job_that_fails_for_an_hour_raises_an_alarm_and_another_ones_failure_does_not_keep_it() -> None:
    bounces = JobSpec("collect_bounces", failing(OSError()), every=timedelta(minutes=5))
    entered(bounces)
    run_due([bounces])
    assert not Alarm.objects.exists(), "a mailbox may be away for a moment"
    since = timezone.now() - timedelta(minutes=61)
    Job.objects.update(failing_since=since)
    entered(bounces)
    run_due([bounces])
    assert Alarm.objects.standing().get().detail == "collect_bounces: OSError"
    assert Job.objects.get().failing_since == since, "since the first failure, not the last"
    mended = JobSpec("collect_bounces", lambda: "none", every=timedelta(minutes=5))
    pictures = JobSpec("pictures", failing(ValueError()), every=timedelta(minutes=5))
    for plan in (mended, pictures):
        entered(plan)
    run_due([mended, pictures])
    assert not Alarm.objects.standing().exists()
    assert Job.objects.get(name="collect_bounces").failing_since is None


def test_a_job_with_an_alarm_of_its_own_raises_no_second_one() -> None:
    proof = JobSpec("prove", failing(ValueError()), every=timedelta(minutes=5), patience=None)
    entered(proof)
    Job.objects.update(failing_since=timezone.now() - timedelta(days=1))
    run_due([proof])
    assert not Alarm.objects.exists()


def test_a_database_that_fails_is_the_workers_matter() -> None:
    plan = JobSpec("tidy", failing(OperationalError("gone")), every=timedelta(minutes=5))
    job = entered(plan)
    with pytest.raises(OperationalError):
        run_due([plan])
    job.refresh_from_db()
    assert job.last_error == "DatabaseError"


def test_a_worker_that_is_told_to_stop_begins_no_other_job() -> None:
    plans = [JobSpec(name, lambda: "done", every=timedelta(minutes=5)) for name in ("one", "two")]
    for plan in plans:
        entered(plan)
    stops = iter([False, True])
    assert run_due(plans, lambda: next(stops)) == 1


def test_every_job_of_the_clinic_can_be_run_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # The proof goes through a site that is up: tests/contact/monitoring/ has one.
    monkeypatch.setattr(prover, "work", lambda: "proven")
    plans = jobs.plans()
    assert len({plan.name for plan in plans}) == len({plan.title for plan in plans if plan.title}) == len(plans)
    for _ in range(2):
        for plan in plans:
            entered(plan)
            assert run_if_due(plan)
    failed = Job.objects.exclude(last_error="")
    assert list(failed.values_list("name", "last_error")) == []


def test_pictures_are_made_once_for_each_change() -> None:
    plan = next(plan for plan in jobs.plans() if plan.name == jobs.MAKE_RENDITIONS)
    said = []
    for _ in range(3):
        entered(plan)
        run_if_due(plan)
        said.append(Job.objects.get().last_result)
    assert said == ["1 made", "0 made", "nothing to make"], "the home page's picture for sharing, then none"
    assert Job.objects.get().state == {"content_version": ContentVersion.current()}
