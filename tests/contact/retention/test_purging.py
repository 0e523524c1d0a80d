"""A purge takes all that hangs on an enquiry, is accounted for, and never takes what somebody has just changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message, PurgeRun, Tally
from contact.privacy.retention import deletion, ledger
from contact.privacy.retention.nightly import tidy
from contact.privacy.retention.verification import verify
from tests.contact.retention.factories import LONG_AGO, make_due

pytestmark = pytest.mark.django_db


def test_everything_that_hangs_on_an_enquiry_goes_with_it_and_only_that() -> None:
    gone = make_due()
    stays = make_due(closed_at=timezone.now(), received_at=timezone.now())
    purged = deletion.purge()
    assert (purged.total, str(purged)) == (1, "1 deleted")
    assert [enquiry.reference for enquiry in Enquiry.all_objects.all()] == [stays.reference]
    assert (Entry.objects.count(), Message.objects.count(), DeliveryAttempt.objects.count()) == (2, 2, 1)
    run = PurgeRun.objects.get()
    assert run.related_rows == {"delivery attempts": 1, "entries": 2, "outgoing e-mails": 2}
    assert run.enquiries == {"closed": 1}
    assert run.rules == {"keep_closed_days": 90, "keep_spam_days": 30}
    assert (run.oldest_received_at, run.newest_received_at) == (LONG_AGO, LONG_AGO)
    assert (run.number, run.reason, run.actor_name, run.previous_hash) == (1, "retention", "", "")
    events = list(EnquiryEvent.objects.filter(kind="purged").order_by("pk").values_list("reference", "detail"))
    assert events == [("", f"Purge 1: {run.hash}"), (gone.reference, "Purge 1")]


def test_the_ledger_and_the_events_hold_nothing_of_the_patient() -> None:
    make_due(name="Robin Rare", email="robin@example.com", phone="867-555-0199", message="My back")
    deletion.purge()
    kept = json.dumps([*PurgeRun.objects.values(), *EnquiryEvent.objects.values()], default=str)
    assert not any(word in kept for word in ("Robin", "robin", "0199", "back"))


def test_a_rows_hash_can_be_computed_with_any_tool() -> None:
    make_due()
    deletion.purge()
    run = PurgeRun.objects.get()

    def utc(time: datetime) -> str:
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")

    related = ",".join(f'"{name}":{count}' for name, count in sorted(run.related_rows.items()))
    words = (
        f'{{"actor_name":"","enquiries":{{"closed":1}},"finished_at":"{utc(run.finished_at)}",'
        '"newest_received_at":"2020-03-01T18:00:00.000000+00:00","number":1,'
        '"oldest_received_at":"2020-03-01T18:00:00.000000+00:00","previous_hash":"","reason":"retention",'
        f'"related_rows":{{{related}}},'
        f'"rules":{{"keep_closed_days":90,"keep_spam_days":30}},"started_at":"{utc(run.started_at)}"}}'
    )
    assert run.hash == hashlib.sha256(words.encode()).hexdigest()


def test_many_go_in_batches_each_a_row_of_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletion, "BATCH", 2)
    for _ in range(5):
        make_due()
    assert [run.total for run in deletion.purge().runs] == [2, 2, 1]
    first, second, third = PurgeRun.objects.order_by("number")
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert verify().faults == []


def test_a_night_with_nothing_to_delete_is_a_row_once_a_day() -> None:
    assert str(deletion.purge()) == "nothing to delete"
    deletion.purge()
    assert [run.total for run in PurgeRun.objects.all()] == [0]
    deletion.purge(timezone.now() + timedelta(days=1))
    assert PurgeRun.objects.count() == 2
    assert verify().faults == []


def test_a_dry_run_says_which_and_changes_nothing() -> None:
    due = make_due()
    make_due(status="answered", answered_at=LONG_AGO)
    said = StringIO()
    call_command("purge_enquiries", dry_run=True, stdout=said)
    assert f"{due.reference}  closed since 1 Mar 2020" in said.getvalue()
    assert "Would delete 1" in said.getvalue()
    assert "Sam" not in said.getvalue()
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"closed", "answered"}
    assert not PurgeRun.objects.exists()
    assert not EnquiryEvent.objects.exists()


def test_the_command_closes_deletes_and_says_what_it_did() -> None:
    make_due()
    make_due(status="answered", answered_at=LONG_AGO, closed_at=None)
    Entry.objects.update(at=LONG_AGO)
    Message.objects.update(created_at=LONG_AGO, sent_at=LONG_AGO)
    said = StringIO()
    call_command("purge_enquiries", stdout=said)
    assert "Closed, as nothing new had come: 1." in said.getvalue()
    assert "Purge 1: 1 deleted" in said.getvalue()
    assert Enquiry.objects.get().status == "closed"


def test_the_night_shift_does_it_all_and_can_be_run_twice() -> None:
    make_due()
    assert tidy() == "0 closed, 1 deleted, ledger unbroken"
    assert tidy() == "0 closed, nothing to delete, ledger unbroken"


def test_nothing_is_deleted_when_the_ledger_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    make_due()

    def full(**_what: Any) -> None:
        raise OSError

    monkeypatch.setattr(ledger, "add", full)
    with pytest.raises(OSError):  # noqa: PT011  the one raised above
        deletion.purge()
    assert Message.objects.count() == 2
    assert not EnquiryEvent.objects.exists()


def test_counts_for_the_pictures_of_twelve_months_stay() -> None:
    make_due(received_at=timezone.now() - timedelta(days=100), topic="fees")
    deletion.purge()
    assert Tally.objects.filter(kind="topic", label="fees").get().count == 1
