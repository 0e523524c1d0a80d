"""The signed file outside of the database: it keeps what it knows against the ledger, and nothing writes over it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse

from contact.models import Alarm, Enquiry, EnquiryEvent, PurgeRun
from contact.models.watch import AlarmType
from contact.privacy.retention import ledger, witness
from contact.privacy.retention.deletion import purge
from contact.privacy.retention.nightly import tidy
from contact.privacy.retention.verification import verify_and_tell
from tests.contact.factories import hours_ago, make_enquiry
from tests.contact.retention.tampering import faults, remove_last_row_and_its_events
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db


def test_a_file_that_is_behind_is_no_fault_and_brought_up_to_date(rows: list[PurgeRun]) -> None:
    witness.keep(rows[1].number, rows[1].hash)
    assert verify_and_tell().faults == []
    assert witness.recall() == (5, rows[-1].hash)


def test_the_night_after_rows_were_taken_away_deletes_what_is_due_and_leaves_the_evidence(
    rows: list[PurgeRun], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    remove_last_row_and_its_events()
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    for deleted in ("1 deleted", "nothing to delete"):
        with django_capture_on_commit_callbacks(execute=True):
            assert tidy() == f"0 closed, {deleted}, ledger broken"
        assert witness.recall() == (5, rows[-1].hash), "the file still knows what was taken away"
        assert faults() == ["Row 5 is not the one that the file outside of the database knows."]
        assert Alarm.objects.standing().get().kind == AlarmType.LEDGER_BROKEN


def test_erasing_at_the_desk_does_not_hide_that_rows_were_taken_away(
    rows: list[PurgeRun], client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    remove_last_row_and_its_events()
    enquiry = make_enquiry()
    client.force_login(make_person("Managers"))
    asked = {"email": enquiry.email, "do": "erase-now", "enquiry": [enquiry.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:contact_enquiry_person"), asked)
    assert not Enquiry.objects.exists(), "the person's right does not wait for the ledger"
    assert witness.recall() == (5, rows[-1].hash)
    assert "Row 5 is not the one" in Alarm.objects.standing().get().detail


def test_a_file_that_is_missing_is_a_fault_until_somebody_says_that_it_was_lost(
    rows: list[PurgeRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    witness.forget()
    assert faults() == [], "a process that was killed right after the first row has written none"
    monkeypatch.setattr(ledger, "YOUNG", timedelta())
    assert faults() == [ledger.MISSING]
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=StringIO())
    assert witness.recall() is None
    call_command("verify_ledger", restored=True, stdout=StringIO())
    assert witness.recall() == (5, rows[-1].hash)
    assert faults() == []


def test_a_ledger_that_does_not_add_up_by_itself_is_not_taken_as_it_is(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.filter(number=3).delete()
    with pytest.raises(CommandError):
        call_command("verify_ledger", restored=True, stdout=StringIO())
    assert witness.recall() == (5, rows[-1].hash)
    assert not EnquiryEvent.objects.filter(detail__contains="--restored").exists()


def test_a_purge_that_ends_later_does_not_set_the_file_back(rows: list[PurgeRun]) -> None:
    ledger._tell_witness(rows[3])
    assert witness.recall() == (5, rows[-1].hash)


def test_a_forged_file_is_told(rows: list[PurgeRun], settings: Settings) -> None:
    with override_settings(SECRET_KEY="another " * 10):
        witness.keep(5, rows[-1].hash)
    assert "was not written by this site" in faults()[0]
    (Path(settings.STATE_DIR) / "purge-ledger.signed").write_text("nonsense")
    assert "was not written by this site" in faults()[0]


def test_a_file_that_cannot_be_written_does_not_keep_what_is_due(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    (tmp_path / "file").touch()
    settings.STATE_DIR = tmp_path / "file"
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    with django_capture_on_commit_callbacks(execute=True):
        assert purge().total == 1


def test_after_a_restore_the_command_takes_the_ledger_as_it_is(rows: list[PurgeRun]) -> None:
    """An older copy of the database has its own events; the file outside alone knows more."""
    remove_last_row_and_its_events()
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=StringIO())
    call_command("verify_ledger", restored=True, stdout=StringIO())
    assert faults() == []
    assert EnquiryEvent.objects.filter(kind="changed", detail__contains="--restored").count() == 1
