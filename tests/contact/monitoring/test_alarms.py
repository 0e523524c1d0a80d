"""Alarms reach somebody once by the second channel, say when they are over, and name no patient."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from contact.models import Alarm, DeskSettings, Job, Message
from contact.models.message import MessageType
from contact.models.watch import AlarmType
from contact.monitoring import alarms, heartbeat
from tests.contact.factories import make_message
from tests.factories import make_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm_address() -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})


class Watcher:
    """A web address that takes alarms."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status = 200
        watcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                watcher.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(watcher.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    # Here without a certificate: that only https can be entered is the settings' rule.
    address = f"http://127.0.0.1:{watcher.server.server_port}/alarm"
    DeskSettings.objects.update_or_create(defaults={"alarm_webhook": address})
    yield watcher
    watcher.server.shutdown()


def nobody_at_http() -> int:
    """Return the port of something that says a line, and no HTTP, to the first who asks."""
    listening = socket.create_server(("127.0.0.1", 0))

    def babble() -> None:
        with listening, listening.accept()[0] as asked:
            asked.recv(65536)
            asked.sendall(b"220 mail.example.org ESMTP\r\n")

    threading.Thread(target=babble, daemon=True).start()
    return int(listening.getsockname()[1])


def half_an_hour_late() -> Message:
    return make_message(created_at=timezone.now() - timedelta(minutes=31))


@pytest.mark.usefixtures("alarm_address")
def test_mail_that_waits_for_half_an_hour_is_told_once_and_once_more_when_it_is_over() -> None:
    message = half_an_hour_late()
    for _ in range(3):
        alarms.look()
    (told,) = mail.outbox
    assert told.to == ["oncall@example.org"]
    assert "Mail is not getting through" in told.subject
    assert "1 waiting for more than half an hour" in str(told.body)
    assert message.enquiry.name not in str(told.body)
    Message.objects.update(sent_at=timezone.now())
    for _ in range(3):
        alarms.look()
    assert len(mail.outbox) == 2
    assert "Over: Mail is not getting through" in mail.outbox[1].subject


@pytest.mark.usefixtures("alarm_address")
def test_one_patients_wrong_address_wakes_nobody() -> None:
    make_message(kind=MessageType.PATIENT_RECEIPT, is_refused=True, created_at=timezone.now() - timedelta(hours=2))
    assert alarms.look() == "all quiet"
    assert Message.objects.needing_attention(timezone.now()).count() == 1
    assert mail.outbox == []


def test_a_refused_notice_to_staff_does() -> None:
    make_message(is_refused=True, created_at=timezone.now() - timedelta(hours=2))
    assert alarms.look() == "1 standing"


def test_nobody_needs_to_see_to_the_receipt_of_an_answered_patient() -> None:
    late = half_an_hour_late()
    Message.objects.update(kind=MessageType.PATIENT_RECEIPT)
    assert Message.objects.needing_attention(timezone.now()).exists()
    late.enquiry.status = "answered"
    late.enquiry.save()
    assert not Message.objects.needing_attention(timezone.now()).exists()


def test_the_web_address_is_told_what_and_since_when(watcher: Watcher) -> None:
    alarms.raise_alarm(AlarmType.FORM_NOT_PROVEN, "no form at /enquiry/")
    alarms.tell_all()
    alarms.end_alarm(AlarmType.FORM_NOT_PROVEN)
    alarms.tell_all()
    assert [(told["alarm"], told["state"]) for told in watcher.told] == [
        ("form_not_proven", "raised"),
        ("form_not_proven", "over"),
    ]
    assert "no form at /enquiry/" in watcher.told[0]["text"]


@pytest.mark.parametrize("status", [302, 500])
def test_a_web_address_that_does_not_take_it_is_told_again(watcher: Watcher, status: int) -> None:
    watcher.status = status
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    alarms.tell_all()
    alarm = Alarm.objects.get()
    assert (alarm.told_at, alarm.tell_error) == (None, "web: HTTPError")
    watcher.status = 200
    alarms.tell_all()
    alarm.refresh_from_db()
    assert alarm.told_at
    assert alarm.tell_error == ""
    assert len(watcher.told) == 2


def test_the_other_way_is_enough_when_one_fails(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    DeskSettings.objects.update(alarm_email="oncall@example.org")

    def refuse(*_args: Any) -> None:
        raise ssl.SSLError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    alarms.tell_all()
    alarm = Alarm.objects.get()
    assert alarm.told_at
    assert alarm.tell_error == "mail: SSLError", "the way that failed is named all the same"
    assert len(watcher.told) == 1


@pytest.mark.usefixtures("alarm_address")
def test_a_web_address_that_answers_no_http_does_not_send_the_mail_again() -> None:
    DeskSettings.objects.update(alarm_webhook=f"http://127.0.0.1:{nobody_at_http()}/")
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    for _ in range(2):
        alarms.tell_all()
    assert len(mail.outbox) == 1
    assert Alarm.objects.get().tell_error == "web: NotHttpError"


def test_without_a_second_channel_the_alarm_stands_and_says_so() -> None:
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    alarms.tell_all()
    assert "Neither" in Alarm.objects.get().tell_error


def test_an_alarm_is_raised_once_and_again_after_it_was_over() -> None:
    for detail in ("1 waiting", "2 waiting"):
        alarms.raise_alarm(AlarmType.UNDELIVERED, detail)
    assert [alarm.detail for alarm in Alarm.objects.all()] == ["2 waiting"]
    alarms.end_alarm(AlarmType.UNDELIVERED)
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    assert Alarm.objects.count() == 2
    assert Alarm.objects.standing().count() == 1


def test_an_alarm_that_was_never_told_is_not_told_when_it_is_over(watcher: Watcher) -> None:
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    alarms.end_alarm(AlarmType.UNDELIVERED)
    alarms.tell_all()
    assert watcher.told == []


def test_an_alarm_leaves_by_https_alone() -> None:
    with pytest.raises(ValidationError, match="Enter a valid URL"):
        DeskSettings(alarm_webhook="http://watch.example.org/").full_clean()


# What stands over both admins


@pytest.mark.parametrize(("address", "role"), [("admin:index", "Reception"), ("wagtailadmin_home", "Physiotherapists")])
def test_both_admins_say_what_is_wrong_until_it_is_right(client: Client, address: str, role: str) -> None:
    client.force_login(make_person(role))
    alarms.raise_alarm(AlarmType.UNDELIVERED, "3 waiting")
    html = client.get(reverse(address)).content.decode()
    assert "Mail is not getting through." in html
    assert "3 waiting." in html
    assert "The worker has stopped." in html
    alarms.end_alarm(AlarmType.UNDELIVERED)
    Job.objects.create(name=heartbeat.HEARTBEAT, last_finished_at=timezone.now())
    assert "desk-banners" not in client.get(reverse(address)).content.decode()


def test_who_is_not_signed_in_reads_nothing_of_it(client: Client) -> None:
    alarms.raise_alarm(AlarmType.UNDELIVERED)
    for address in ("admin:login", "wagtailadmin_login"):
        assert "desk-banners" not in client.get(reverse(address)).content.decode()


def test_the_worker_counts_as_stopped_after_three_silent_minutes() -> None:
    now = timezone.now()
    assert not heartbeat.is_alive(now)
    Job.objects.create(name=heartbeat.HEARTBEAT, last_finished_at=now - timedelta(minutes=2))
    assert heartbeat.is_alive(now)
    assert not heartbeat.is_alive(now + timedelta(minutes=2))
