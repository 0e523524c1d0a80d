"""A worker that has stopped is noticed by those who answer pages, told once, and seen from outside."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from contact.models import Alarm, DeskSettings, Job
from contact.models.watch import AlarmType
from contact.monitoring import alarms, heartbeat, watch
from tests.contact.factories import make_message
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alarm_address() -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})


def silent_for(minutes: int) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    Job.objects.update_or_create(name=heartbeat.HEARTBEAT, defaults={"last_finished_at": at})


def test_a_worker_that_has_stopped_is_told_once_and_once_more_when_it_is_back() -> None:
    silent_for(6)
    for _ in range(3):
        watch.look()
    assert [told.subject.partition(": ")[2] for told in mail.outbox] == ["The worker has stopped"]
    assert "The last sign of life: " in str(mail.outbox[0].body)
    heartbeat.beat()
    alarms.look()
    assert len(mail.outbox) == 2
    assert "Over: The worker has stopped" in mail.outbox[1].subject
    assert not Alarm.objects.standing().exists()


def test_a_worker_that_never_began_is_told_too() -> None:
    watch.look()
    assert Alarm.objects.get().detail == "It gave no sign of life yet. No mail goes out"
    assert len(mail.outbox) == 1


def test_a_worker_that_is_alive_or_busy_wakes_nobody() -> None:
    make_message(created_at=timezone.now() - timedelta(hours=2))
    silent_for(4)
    watch.look()
    assert not Alarm.objects.exists(), "what mail waits for is for the worker to say"
    assert mail.outbox == []


def test_what_stands_while_the_worker_is_dead_is_told_with_it() -> None:
    alarms.raise_alarm(AlarmType.JOB_FAILED)
    silent_for(60)
    watch.look()
    assert {told.subject.partition(": ")[2] for told in mail.outbox} == {
        "The worker has stopped",
        "Something that runs by the clock failed",
    }


def test_the_thread_goes_on_when_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []
    enough = threading.Event()

    def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise OperationalError("the row of Sam Sample")
        enough.set()

    monkeypatch.setattr(watch, "look", look)
    monkeypatch.setattr(watch, "TOLD_AFTER", timedelta())
    monkeypatch.setattr(watch, "LOOKS_EVERY", timedelta(milliseconds=20))
    ended = watch.start()
    assert enough.wait(10)
    ended.set()  # or it would look at the database of the tests that follow
    assert "OperationalError" in caplog.text
    assert "Sam" not in caplog.text


def test_the_banner_says_it_once_though_the_alarm_stands_as_well(client: Client) -> None:
    client.force_login(make_person("Reception"))
    silent_for(60)
    watch.look()
    assert client.get(reverse("admin:index")).content.decode().count("The worker has stopped.") == 1


def test_a_watcher_outside_is_told_by_an_address_of_its_own(client: Client) -> None:
    silent_for(10)
    answer: Any = client.get("/healthz/worker")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (503, b"the worker is silent", "no-store")
    assert client.get("/healthz").content == b"ok", "the pages are answered all the same"
    silent_for(1)
    answer = client.get("/healthz/worker")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.usefixtures("database_gone")
def test_a_watcher_outside_hears_that_the_database_does_not_answer(client: Client) -> None:
    answer = client.get("/healthz/worker")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer")
