"""What the audit finds about what has to run by itself."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from contact.jobs import plans
from contact.models import Alarm, DeskSettings, Job, ProofRun
from contact.models.watch import AlarmType
from contact.monitoring import heartbeat
from contact.privacy.audit import running
from tests.contact.audit.looking import LONG_AGO, NOW, holds, told
from tests.contact.factories import make_message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django import Settings

    from contact.privacy.audit.finding import Finding

pytestmark = pytest.mark.django_db


def test_the_workers_silence_falls_short() -> None:
    assert not holds(running.worker)
    Job.objects.create(name=heartbeat.HEARTBEAT, last_finished_at=timezone.now())
    assert holds(running.worker)


def test_every_job_has_ended_well_lately() -> None:
    assert not holds(running.jobs)
    Job.objects.bulk_create(Job(name=plan.name, last_finished_at=timezone.now()) for plan in plans())
    assert holds(running.jobs)
    Job.objects.filter(name="purge_enquiries").update(last_error="disk full")
    assert "purge_enquiries" in running.jobs(timezone.now()).to_do
    Job.objects.filter(name="purge_enquiries").update(last_error="", last_finished_at=LONG_AGO)
    assert not holds(running.jobs)


def test_the_form_was_proven_lately() -> None:
    assert not holds(running.proof)
    ProofRun.objects.create(url="https://clinic.example", is_proven=True, started_at=NOW, finished_at=NOW)
    assert holds(running.proof)
    later = timezone.now()
    ProofRun.objects.create(url="https://clinic.example", started_at=later, finished_at=later)
    assert not holds(running.proof)


def test_alarms_stand_for_nothing_and_somebody_would_be_told() -> None:
    assert "Told by: nothing" in told(running.alarms)
    desk = DeskSettings.load()
    desk.alarm_email = "alarm@example.org"
    desk.save()
    assert holds(running.alarms)
    Alarm.objects.create(kind=AlarmType.WORKER_STOPPED)
    assert "The worker has stopped" in told(running.alarms)
    assert not holds(running.alarms)


def test_mail_that_does_not_get_through_is_counted() -> None:
    message = make_message()
    assert holds(running.mail)
    message.is_refused = True
    message.save()
    assert not holds(running.mail)


@pytest.mark.parametrize(
    ("check", "name", "days"), [(running.backups, "done", 3), (running.restores, "restore-tried", 201)]
)
def test_backups_and_restores_are_known_by_their_markers(
    settings: Settings, tmp_path: Path, check: Callable[[Any], Finding], name: str, days: int
) -> None:
    settings.BACKUP_MARKER = tmp_path / "done"
    marker = tmp_path / name
    assert not holds(check)
    marker.touch()
    assert holds(check)
    for when in (NOW - timedelta(days=days), NOW + timedelta(days=1)):
        os.utime(marker, (when.timestamp(), when.timestamp()))
        assert not holds(check)
