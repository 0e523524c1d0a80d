"""Problems are shown by banners, the status line, the status page and `/healthz/worker`."""

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
from pytest_django import Settings

from contact.models import Alarm, Job, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring import alarms, health
from tests.contact.factories import make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
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
def test_the_status_line_names_the_problem_and_the_last_check_of_the_form(
    hours_ago: float, passed: bool, line: str, is_ok: bool
) -> None:
    heartbeat(NOON)
    assert health.status_line(NOON) == ("All systems working · form not checked yet", True)
    make_check(hours_ago, passed=passed)
    make_check(1, is_trial=True)
    SyntheticCheck.objects.create(started_at=NOON, error="It was interrupted")
    assert health.status_line(NOON) == (line.replace(" a.m.", "\N{NO-BREAK SPACE}a.m."), is_ok)


@pytest.mark.parametrize(("days", "line"), [(0, "today"), (1, "yesterday"), (3, "3 days ago"), (None, "")])
def test_the_status_line_says_when_a_backup_was_proven(
    settings: Settings, tmp_path: Path, days: int | None, line: str
) -> None:
    heartbeat(NOON)
    settings.BACKUP_RECIPIENT, settings.BACKUP_MARKER = "age1", tmp_path / "backup-proven"
    if days is not None:
        marker = tmp_path / "backup-proven"
        marker.touch()
        at = (NOON - timedelta(days=days)).timestamp()
        os.utime(marker, (at, at))
    said = health.status_line(NOON)[0].split(" · ")[-1]
    assert said == (f"backup proven {line}" if line else "no backup yet")
    backups = Alarm.objects.filter(ended_at=None, kind=AlarmType.BACKUP)
    alarms.check_alarms(NOON)
    assert not backups
    alarms.check_alarms(NOON + timedelta(days=9))
    assert backups.all().count() == (days is not None)


@pytest.mark.parametrize(("address", "role"), [("admin:index", "Reception"), ("wagtailadmin_home", "Physiotherapists")])
def test_both_admins_show_a_banner_until_the_problem_is_fixed(client: Client, address: str, role: str) -> None:
    client.force_login(make_person(role))
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    html = client.get(reverse(address)).content.decode()
    assert "Mail is not getting through." in html
    assert "3 waiting." in html
    assert "The worker has stopped." in html
    alarms.set_alarm(AlarmType.UNDELIVERED, "")
    heartbeat()
    assert "desk-banners" not in client.get(reverse(address)).content.decode()


def test_no_banner_is_shown_before_signing_in(client: Client) -> None:
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    for address in ("admin:login", "wagtailadmin_login"):
        assert "desk-banners" not in client.get(reverse(address)).content.decode()


def test_the_status_line_is_for_everyone_and_its_link_for_managers(client: Client) -> None:
    heartbeat()
    address = reverse("admin:contact_job_changelist")
    client.force_login(make_person("Reception"))
    html = client.get(reverse("admin:index")).content.decode()
    assert "All systems working · form not checked yet" in html
    assert address not in html
    assert client.get(address).status_code == 403
    client.force_login(make_person("Managers"))
    assert f'<a href="{address}">All systems working' in client.get(reverse("admin:index")).content.decode()


def test_the_status_page_shows_jobs_checks_alarms_and_mail(client: Client) -> None:
    heartbeat()
    Job.objects.create(
        name="make_renditions", last_finished_at=NOON, last_result="3 made", state={"content_version": "9f"}
    )
    Job.objects.create(name="collect_bounces", last_error="OSError", failing_since=NOON)
    check = make_check(1, passed=False)
    SyntheticCheck.objects.filter(pk=check.pk).update(
        error="send: answered 503", steps=[{"step": "send", "milliseconds": 12, "is_good": False}]
    )
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, "send: answered 503")
    alarms.send_alarms()
    make_message(is_refused=True)
    make_message()
    client.force_login(make_person("Managers"))
    html = client.get(reverse("admin:contact_job_changelist")).content.decode()
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


def test_an_outside_monitor_sees_a_worker_that_is_silent_for_three_minutes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat(timezone.now() - timedelta(minutes=4))
    silent = client.get("/healthz/worker")
    assert (silent.status_code, silent.content) == (503, b"the worker is silent")
    heartbeat(timezone.now() - timedelta(minutes=2))
    response = client.get("/healthz/worker")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok", "no-store")
    monkeypatch.setattr(health, "is_worker_alive", Mock(side_effect=DatabaseError))
    assert client.get("/healthz/worker").status_code == 503


def test_the_site_is_ready_when_database_migrations_disk_and_worker_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert client.get("/readyz").content == b"the database does not answer"
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 2**62)
    assert client.get("/readyz").content == b"the disk is almost full; the database does not answer"
