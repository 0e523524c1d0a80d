"""Alarms are sent once, followed by an all-clear, and name no patient."""

import ssl
from typing import Any
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.models import Alarm, DeskSettings, Message
from contact.models.monitoring import AlarmType
from contact.monitoring import alarms
from tests.contact.factories import hours_ago, make_message
from tests.contact.monitoring.conftest import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(web_server: WebServer) -> WebServer:
    """The address that gets alarms; without a certificate, which only the settings page asks for."""
    DeskSettings.objects.update_or_create(defaults={"alarm_webhook": f"{web_server.url}/alarm"})
    return web_server


def late(hours: float = 0.52, **fields: Any) -> Any:
    return make_message(created_at=hours_ago(hours), **fields)


def test_mail_that_waits_for_half_an_hour_raises_one_alarm_and_one_all_clear() -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    message = late()
    for _ in range(3):
        alarms.check_alarms()
    (sent,) = mail.outbox
    assert sent.to == ["oncall@example.org"]
    assert "Mail is not getting through" in sent.subject
    assert "1 waiting for more than half an hour" in str(sent.body)
    assert message.enquiry.name not in str(sent.body)
    Message.objects.update(sent_at=timezone.now())
    for _ in range(3):
        alarms.check_alarms()
    assert len(mail.outbox) == 2
    assert "Over: Mail is not getting through" in mail.outbox[1].subject


@pytest.mark.parametrize(("kind", "alarms_raised"), [("patient_receipt", 0), ("staff_notification", 1)])
def test_refused_mail_to_one_patient_raises_no_alarm_but_mail_to_staff_does(kind: str, alarms_raised: int) -> None:
    message = late(2, kind=kind, is_refused=True)
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
    alarm = Alarm.objects.get()
    assert (alarm.sent_at, alarm.send_error) == (None, f"web: answered {status}")
    webhook.status = 200
    alarms.send_alarms()
    alarm.refresh_from_db()
    assert alarm.sent_at
    assert alarm.send_error == ""
    alarms.set_alarm(AlarmType.FORM_CHECK_FAILED, "")
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    alarms.set_alarm(AlarmType.UNDELIVERED, "")
    alarms.send_alarms()
    received = [(received["alarm"], received["state"]) for received in webhook.received]
    raised = ("form_check_failed", "raised")
    assert received == [raised, raised, ("form_check_failed", "over")], "and nothing about one that was never sent"
    assert "no form at /enquiry/" in webhook.received[0]["text"]
    assert set(webhook.paths) == {"/alarm"}


def test_an_alarm_is_sent_if_one_of_two_ways_works(webhook: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    DeskSettings.objects.update(alarm_email="oncall@example.org")
    monkeypatch.setattr(EmailMessage, "send", Mock(side_effect=ssl.SSLError))
    alarms.set_alarm(AlarmType.UNDELIVERED, "3 waiting")
    alarms.send_alarms()
    alarm = Alarm.objects.get()
    assert alarm.sent_at
    assert alarm.send_error == "mail: SSLError"
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
    alarm = Alarm.objects.get(ended_at=None)
    assert alarm.kind == AlarmType.DISK_SPACE
    assert "MB left" in alarm.detail
    monkeypatch.setattr(alarms, "LEAST_FREE_BYTES", 0)
    alarms.check_alarms()
    assert not Alarm.objects.filter(ended_at=None).exists()
