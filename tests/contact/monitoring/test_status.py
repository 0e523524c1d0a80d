"""Problems raise alarms, are shown by banners, the status line, `/healthz/worker`, `/readyz`, `/metrics`."""

import os
import re
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import Mock, patch
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from contact.models import Alarm, DeskSettings, Job, Message, SyntheticCheck
from contact.models.enquiry import Status
from contact.models.monitoring import AlarmType
from contact.monitoring import alarms, health
from tests.contact.admin.enquiry_page import address_of
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.contact.monitoring.conftest import WebServer
from tests.factories import make_person

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
    assert b"desk-banners" not in client.get(reverse(address), follow=True).content
    client.force_login(make_person(role))
    html = client.get(reverse(address)).content.decode()
    problems = ("Mail is not getting through.", "3 waiting.", "The worker has stopped.")
    assert [words for words in problems if words not in html] == []
    alarms.set_alarm(AlarmType.UNDELIVERED, "")
    heartbeat()
    assert b"desk-banners" not in client.get(reverse(address)).content


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
        "Make pictures in the sizes that pages use", "Last run Nov 27, noon: 3 made.", "send: 12 ms, failed",
        "Failing since Nov 27, noon: OSError.", "The check of the enquiry form failed", "1 message waiting to be sent",
        "Neither an alarm address nor a web address is set.", "1 message could not be delivered",
    ):  # fmt: skip
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
def test_without_the_token_there_is_no_page(client: Client, settings: Settings, token: str) -> None:
    settings.METRICS_TOKEN = token
    for headers in ({}, *({"Authorization": sent} for sent in ("Bearer ", "Bearer ä", TOKEN))):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.fixture
def webhook(web_server: WebServer) -> WebServer:
    """The address that gets alarms; without a certificate, which only the settings page asks for."""
    DeskSettings.objects.update_or_create(defaults={"alarm_webhook": f"{web_server.url}/alarm"})
    return web_server


def test_mail_that_waits_for_half_an_hour_raises_one_alarm_and_one_all_clear() -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    message = make_message(created_at=hours_ago(0.52))
    for _ in range(3):
        alarms.check_alarms()
    (sent,) = mail.outbox
    assert sent.to == ["oncall@example.org"]
    assert "Mail is not getting through" in sent.subject
    words = ("1 waiting for more than half an hour", message.enquiry.name)
    assert [word for word in words if word in str(sent.body)] == [words[0]]
    Message.objects.update(sent_at=timezone.now())
    for _ in range(3):
        alarms.check_alarms()
    assert len(mail.outbox) == 2
    assert "Over: Mail is not getting through" in mail.outbox[1].subject


@pytest.mark.parametrize(("kind", "alarms_raised"), [("patient_receipt", 0), ("staff_notification", 1)])
def test_refused_mail_to_one_patient_raises_no_alarm_but_mail_to_staff_does(kind: str, alarms_raised: int) -> None:
    message = make_message(created_at=hours_ago(2), kind=kind, is_refused=True)
    alarms.check_alarms()
    assert Alarm.objects.count() == alarms_raised
    assert Message.objects.needing_attention(timezone.now()).get() == message
    message.enquiry.status = "answered"
    message.enquiry.save()
    assert Message.objects.needing_attention(timezone.now()).exists() is bool(alarms_raised), "the patient has a reply"


@pytest.mark.parametrize("status", [302, 500])
def test_the_webhook_gets_the_alarm_until_it_accepts_it_and_then_the_all_clear(webhook: WebServer, status: int) -> None:
    webhook.status = status
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, "no form at /enquiry/")
    alarms.send_alarms()
    assert Alarm.objects.values_list("sent_at", "send_error").get() == (None, f"web: answered {status}")
    webhook.status = 200
    alarms.send_alarms()
    assert Alarm.objects.exclude(sent_at=None).get().send_error == ""
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, "")
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    alarms.set_alarm(AlarmType.UNDELIVERED, "")
    alarms.send_alarms()
    received = [(received["alarm"], received["state"]) for received in webhook.received]
    raised = ("form_check_failed", "raised")
    assert received == [raised, raised, ("form_check_failed", "over")], "and nothing about one that was never sent"
    assert "no form at /enquiry/" in webhook.received[0]["text"]
    assert set(webhook.paths) == {"/alarm"}


def test_an_alarm_is_sent_if_one_of_two_ways_works(webhook: WebServer) -> None:
    DeskSettings.objects.update(alarm_email="oncall@example.org")
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    with patch.object(EmailMessage, "send", side_effect=ssl.SSLError):
        alarms.send_alarms()
    assert Alarm.objects.exclude(sent_at=None).get().send_error == "mail: SSLError"
    assert len(webhook.received) == 1


def test_an_active_alarm_is_updated_and_one_that_ended_is_raised_again() -> None:
    for detail in ("1 waiting", "2 waiting", "", "3 waiting"):
        alarms.set_alarm(AlarmType.UNDELIVERED, detail)
    ended = {alarm.detail: bool(alarm.ended_at) for alarm in Alarm.objects.all()}
    assert ended == {"2 waiting": True, "3 waiting": False}


def test_a_manager_can_send_a_test_alarm(webhook: WebServer, as_manager: Client) -> None:
    address = reverse("admin:contact_job_test_alarm")
    said = as_manager.post(address, follow=True).content.decode()
    assert "The test alarm was sent. Check that it has arrived." in said
    assert [alarm["text"].splitlines()[0] for alarm in webhook.received] == ["This is a test."]
    webhook.status = 500
    said = as_manager.post(address, follow=True).content.decode()
    assert "A test alarm could not be sent. web: answered 500" in said
    as_manager.get(address)
    assert len(webhook.received) == 2
    assert not Alarm.objects.exists()


def test_the_webhook_must_be_https() -> None:
    with pytest.raises(ValidationError, match="begins with https://"):
        DeskSettings(alarm_webhook="http://watch.example.org/").full_clean()


def test_little_space_on_the_disk_raises_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 2**62)
    alarms.check_alarms()
    assert "MB left" in Alarm.objects.get(ended_at=None, kind=AlarmType.DISK_SPACE).detail
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 0)
    alarms.check_alarms()
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_an_urgent_enquiry_alarms_the_second_channel_until_someone_opens_it(desk: Client) -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    due = hours_ago(0.1)
    first = make_enquiry(name="Robin Rare", red_flags=["Chest pain"], due_at=due)
    make_enquiry(red_flags=["Chest pain"], due_at=timezone.now() + timedelta(minutes=20))
    make_enquiry(due_at=due)
    for _ in range(2):
        alarms.check_alarms()
    (sent,) = mail.outbox
    assert sent.to == ["oncall@example.org"]
    assert f"Please look now: {first.reference}." in str(sent.body)
    assert not re.search("Robin|chest|pain", f"{sent.subject} {sent.body}", re.IGNORECASE)
    second = make_enquiry(red_flags=["Stroke"], due_at=due)
    alarms.check_alarms()
    assert second.reference in str(mail.outbox[1].body), "each further one is a new alarm"
    for enquiry in (first, second):
        desk.get(address_of(enquiry))
    alarms.check_alarms()
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert "Over: " in mail.outbox[2].subject
