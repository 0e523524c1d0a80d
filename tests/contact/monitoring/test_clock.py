"""The clock of the server was two days ahead and has been put back."""

from datetime import time, timedelta
from unittest.mock import Mock

import pytest
from django.utils import timezone

from contact.jobs import correct_times
from contact.mail.outbox import deliver_due
from contact.models import Job, Message, SyntheticCheck
from contact.models.message import MessageType
from contact.monitoring import health
from contact.monitoring.scheduler import JobSpec, run_due
from tests.contact.factories import make_message

pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=2)


def test_mail_that_waits_for_the_day_after_tomorrow_goes_out_now() -> None:
    then = timezone.now() + AHEAD
    for fields in ({"not_before": then}, {"claim": "x", "claimed_until": then}, {"created_at": then}):
        make_message(**fields)
    waits = make_message(not_before=timezone.now() + timedelta(minutes=50))
    assert correct_times() == "3 times corrected"
    assert deliver_due().sent == 3
    assert list(Message.objects.unsent()) == [waits]
    assert correct_times() == "0 times corrected"


def test_mail_of_a_clock_that_was_ahead_does_not_stop_the_next() -> None:
    then = timezone.now() + AHEAD
    sent = make_message(kind=MessageType.PASSWORD_RESET, created_at=then, sent_at=then)
    correct_times()
    sent.refresh_from_db()
    assert sent.created_at <= timezone.now() >= sent.sent_at


@pytest.mark.parametrize("fields", [{"next_run_at": AHEAD}, {"claimed_until": AHEAD}, {"failing_since": AHEAD}])
def test_a_job_is_due_again_at_its_next_time(fields: dict[str, timedelta]) -> None:
    spec = JobSpec("tidy", lambda: "tidied", every=timedelta(minutes=5))
    Job.objects.create(name="tidy", **{name: timezone.now() + ahead for name, ahead in fields.items()})
    correct_times()
    run_due([spec])
    job = Job.objects.get()
    assert job.next_run_at <= timezone.now() + timedelta(minutes=5)
    assert job.claimed_until is job.failing_since is None or "failing_since" in fields


def test_a_daily_job_is_due_the_next_morning_and_not_before() -> None:
    spec = JobSpec("purge", Mock(), daily_at=time(3, 30))
    Job.objects.create(name="purge", next_run_at=timezone.now() + AHEAD)
    assert run_due([spec]) == 0
    assert Job.objects.get().next_run_at == spec.next_run(timezone.now())


def test_a_heartbeat_from_the_future_says_nothing_and_the_next_one_is_believed() -> None:
    Job.objects.create(name=health.HEARTBEAT, last_finished_at=timezone.now() + AHEAD)
    assert not health.is_worker_alive()
    health.beat()
    assert health.is_worker_alive()
    assert not health.is_worker_alive(timezone.now() - AHEAD)


@pytest.mark.parametrize(("minutes", "alive"), [(-4, False), (-1, True), (20, True)])
def test_a_long_job_stops_no_heartbeat_but_one_that_never_ends_does(minutes: int, alive: bool) -> None:
    health.beat()
    Job.objects.create(name="make_renditions", claimed_until=timezone.now() + timedelta(minutes=minutes))
    assert health.is_worker_alive() == alive


def test_a_form_check_from_the_future_is_not_the_latest() -> None:
    now = timezone.now()
    SyntheticCheck.objects.create(started_at=now, finished_at=now, passed=False)
    SyntheticCheck.objects.create(started_at=now + AHEAD, finished_at=now + AHEAD, passed=True)
    assert "form check failed today" in health.status_line()[0]
