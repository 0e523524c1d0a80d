"""Problems are shown by banners, the status line, the status page, `/healthz/worker`, `/readyz` and `/metrics`."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from contact.models import Alarm, Job, SyntheticCheck
from contact.models.enquiry import Status
from contact.models.monitoring import AlarmType
from contact.monitoring import alarms, health
from tests.contact.factories import make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TOKEN = "a-long-random-text"
AHEAD = timedelta(days=2)
NOON = datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("America/Whitehorse"))


def heartbeat(at: datetime | None = None) -> None:
    Job.objects.update_or_create(name=health.HEARTBEAT, defaults={"last_finished_at": at or timezone.now()})


def make_check(hours_ago: float, *, passed: bool = True, is_trial: bool = False) -> SyntheticCheck:
    at = NOON - timedelta(hours=hours_ago)
    return SyntheticCheck.objects.create(started_at=at, finished_at=at, passed=passed, is_trial=is_trial)


@pytest.mark.parametrize(
    ("hours_ago", "passed", "line", "is_ok"),
    [
        (5.5, True, "All systems working · form checked today 6:30 a.m.", True),
        (29.5, True, "All systems working · form checked yesterday 6:30 a.m.", True),
        (53.5, True, "The daily form check is overdue · form checked Wednesday 6:30 a.m.", False),
        (5.5, False, "The check of the enquiry form failed · form check failed today 6:30 a.m.", False),
    ],
)
def test_the_status_line_says_what_is_wrong(hours_ago: float, passed: bool, line: str, is_ok: bool) -> None:
    heartbeat(NOON)
    assert health.status_line(NOON) == ("All systems working · form not checked yet", True)
    make_check(hours_ago, passed=passed)
    make_check(1, is_trial=True)

    SyntheticCheck.objects.create(started_at=NOON, error="It was interrupted")
    assert health.status_line(NOON) == (line.replace(" a.m.", "\N{NO-BREAK SPACE}a.m."), is_ok)


def test_the_status_line_says_when_a_backup_was_proven(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_RECIPIENT, settings.BACKUP_MARKER = "age1", tmp_path / "backup-proven"
    assert health.status_line(NOON)[0].endswith("· no backup yet")
    settings.BACKUP_MARKER.touch()
    os.utime(settings.BACKUP_MARKER, (NOON.timestamp(), NOON.timestamp()))
    for days, said in ((0, "today"), (1, "yesterday"), (3, "3 days ago"), (9, "9 days ago")):
        assert health.status_line(NOON + timedelta(days=days))[0].endswith(f"· backup proven {said}")
        alarms.check_alarms(NOON + timedelta(days=days))
        assert Alarm.objects.filter(ended_at=None, kind=AlarmType.BACKUP).exists() is (days > 8)


@pytest.mark.parametrize(("address", "role"), [("admin:index", "Reception"), ("wagtailadmin_home", "Physiotherapists")])
def test_both_admins_show_a_banner_until_the_problem_is_fixed(client: Client, address: str, role: str) -> None:
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    assert "desk-banners" not in client.get(reverse(address), follow=True).content.decode()
    client.force_login(make_person(role))
    html = client.get(reverse(address)).content.decode()
    assert "Mail is not getting through." in html
    assert "3 waiting." in html
    assert "The worker has stopped." in html
    alarms.set_alarm(AlarmType.UNDELIVERED, "")
    heartbeat()
    assert "desk-banners" not in client.get(reverse(address)).content.decode()


def test_the_status_page_shows_jobs_checks_alarms_and_mail(as_manager: Client) -> None:
    Job.objects.create(name="make_renditions", last_finished_at=NOON, last_result="3 made")
    Job.objects.create(name="collect_bounces", last_error="OSError", failing_since=NOON)
    make_check(1, passed=False)
    SyntheticCheck.objects.update(steps=[{"step": "send", "milliseconds": 12, "is_good": False}])
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, "send: answered 503")
    alarms.send_alarms()
    make_message(is_refused=True)
    make_message()
    html = as_manager.get(reverse("admin:contact_job_changelist")).content.decode()
    for words in (
        "Make pictures in the sizes that pages use",
        "Last run Nov 27, noon: 3 made.",
        "Failing since Nov 27, noon: OSError.",
        "send: 12 ms, failed",
        "The check of the enquiry form failed",
        "Neither an alarm address nor a web address is set.",
        "1 message waiting to be sent",
        "1 message could not be delivered",
    ):
        assert words in html


def test_an_outside_monitor_sees_a_worker_that_is_silent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes, status, said in ((4, 503, b"the worker is silent"), (2, 200, b"ok")):
        heartbeat(timezone.now() - timedelta(minutes=minutes))
        response = client.get("/healthz/worker")
        assert (response.status_code, response.content, response["Cache-Control"]) == (status, said, "no-store")
    monkeypatch.setattr(health, "is_worker_alive", Mock(side_effect=DatabaseError))
    assert client.get("/healthz/worker").status_code == 503


def test_the_site_is_ready_when_all_that_it_needs_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = client.get("/readyz")
    assert (silent.status_code, silent.content) == (503, b"the worker is silent")
    heartbeat(timezone.now())
    assert client.get("/readyz").content == b"ok"
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 2**62)
    assert client.get("/readyz").content == b"the disk is almost full"
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 0)
    with monkeypatch.context() as patch:
        patch.setattr(health, "_migrated", False)
        patch.setattr(MigrationExecutor, "migration_plan", Mock(return_value=["one"]))
        assert client.get("/readyz").content == b"migrations have to run"
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "is_worker_alive", Mock(side_effect=DatabaseError))
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 2**62)
    assert client.get("/readyz").content == b"the disk is almost full; the database does not answer"


def test_a_form_check_or_heartbeat_from_the_future_says_nothing_and_the_next_one_is_believed() -> None:
    now = timezone.now()
    SyntheticCheck.objects.create(started_at=now, finished_at=now, passed=False)
    SyntheticCheck.objects.create(started_at=now + AHEAD, finished_at=now + AHEAD, passed=True)
    assert "form check failed today" in health.status_line()[0]
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


def test_prometheus_reads_how_the_site_is_and_nothing_about_patients(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    now = timezone.now()
    waiting = make_enquiry(name="Kim", received_at=now - timedelta(hours=2))
    make_enquiry(name="Kim", status=Status.ANSWERED, received_at=now - timedelta(hours=3))
    make_message(enquiry=waiting, is_refused=True)
    make_message(enquiry=waiting, recipient="other@example.org")
    Alarm.objects.create(kind=AlarmType.UNDELIVERED)
    heartbeat(now)
    SyntheticCheck.objects.create(finished_at=now, passed=True)
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    assert "Kim" not in text
    found = {family.name: family.samples[0].value for family in text_string_to_metric_families(text)}
    assert found.pop("clinic_disk_free_bytes") > 0
    assert found.pop("clinic_oldest_enquiry_waiting_timestamp_seconds") == pytest.approx(now.timestamp() - 7200)
    for name in ("worker_heartbeat", "form_check"):
        assert found.pop(f"clinic_{name}_timestamp_seconds") == pytest.approx(now.timestamp())
    ones = ("enquiries_waiting", "messages_waiting", "messages_undelivered", "alarms_active", "form_check_passed")
    assert found == {f"clinic_{name}": 1 for name in ones}


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize("sent", [None, "Bearer ", "Bearer ä", TOKEN])
def test_without_the_token_there_is_no_page(client: Client, settings: Settings, token: str, sent: str | None) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"Authorization": sent} if sent else {}).status_code == 404
