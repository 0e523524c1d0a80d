"""`verify_ledger` finds what was done to the ledger behind the site's back, and says to which row."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contact.models import Alarm, EnquiryEvent, PurgeRun
from contact.models.event import AppendOnlyError
from contact.privacy.retention import ledger, witness
from contact.privacy.retention.deletion import purge
from contact.privacy.retention.verification import verify
from tests.contact.factories import hours_ago, make_enquiry
from tests.contact.retention.tampering import faults, remove_last_row_and_its_events, sql

pytestmark = pytest.mark.django_db


def change_row(row: int, **changed: Any) -> None:
    """Change a row as somebody with the database in hand would."""
    PurgeRun.objects.filter(number=row).update(**changed)


def forge(number: int, **changed: Any) -> None:
    """Change a row and compute its hash anew."""
    run = PurgeRun.objects.get(number=number)
    for name, value in changed.items():
        setattr(run, name, value)
    change_row(number, **changed, hash=ledger.hash_of(run))


def test_a_ledger_that_nobody_touched_adds_up(rows: list[PurgeRun]) -> None:
    verdict = verify()
    assert (verdict.rows, verdict.head, verdict.faults) == (5, rows[-1].hash, [])
    assert witness.recall() == (5, rows[-1].hash)


def test_a_ledger_without_rows_adds_up() -> None:
    assert str(verify()) == "no rows yet"


@pytest.mark.parametrize(
    "changed",
    [
        {"enquiries": {"closed": 2}},
        {"related_rows": {"entries": 1}},
        {"rules": {"keep_closed_days": 1, "keep_spam_days": 1}},
        {"reason": "request"},
        {"actor_name": "somebody"},
        {"finished_at": timezone.now()},
        {"oldest_received_at": None},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_row_is_named(rows: list[PurgeRun], changed: dict[str, Any]) -> None:
    change_row(3, **changed)
    assert "Row 3 was changed after it was written." in faults()


def test_a_changed_row_with_a_new_hash_is_named(rows: list[PurgeRun]) -> None:
    forge(3, enquiries={"closed": 2})
    assert faults() == [
        "Row 3 is not the one, or not the only one, that the events record.",
        "Row 3 accounts for 2 enquiries, the events for 1.",
        "Row 4 was not written after the row 3 that is there.",
    ]


def test_a_removed_row_is_named(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.filter(number=3).delete()
    assert faults() == ["Row 3 is missing."]


def test_removed_first_rows_are_named(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.filter(number__lte=2).delete()
    assert faults() == ["Rows 1 to 2 are missing."]


def test_a_removed_last_row_is_missed_by_the_events_and_by_the_file(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.filter(number=5).delete()
    by_the_events, by_the_file = faults()
    assert by_the_events == "Row 5 is missing: the events record that it was written."
    assert by_the_file == (
        "The ledger ends with row 4; the file outside of the database knows row 5. "
        "Rows were removed, or an older copy of the database was restored."
    )


def test_a_last_row_that_was_removed_with_its_events_is_missed_by_the_file(rows: list[PurgeRun]) -> None:
    remove_last_row_and_its_events()
    assert len(faults()) == 1
    assert "the file outside of the database knows row 5" in faults()[0]


def test_an_emptied_ledger_is_missed(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.all().delete()
    sql("DELETE FROM contact_enquiryevent")
    assert "The ledger ends with row 0" in faults()[0]


def test_exchanged_rows_are_named(rows: list[PurgeRun]) -> None:
    change_row(2, number=99)
    change_row(3, number=2)
    change_row(99, number=3)
    said = " ".join(faults())
    assert "Row 2 was changed" in said
    assert "Row 3 was changed" in said


def test_a_row_that_was_put_in_is_named(rows: list[PurgeRun]) -> None:
    run = PurgeRun.objects.get(number=5)
    run.pk, run.number, run.previous_hash = None, 6, run.hash
    run.hash = ledger.hash_of(run)
    run.save(force_insert=True)
    assert faults()[0] == "Row 6 was put in: the events do not record that it was written."


def test_a_ledger_written_anew_from_a_row_on_is_found(rows: list[PurgeRun]) -> None:
    """Whoever computes all later hashes as well has the events against them, and after those the file outside."""
    for number in (3, 4, 5):
        before = PurgeRun.objects.get(number=number - 1)
        forge(number, previous_hash=before.hash, actor_name="somebody")
    assert faults()[0] == "Row 3 is not the one, or not the only one, that the events record."
    for run in PurgeRun.objects.all():
        sql(
            "UPDATE contact_enquiryevent SET detail = %s WHERE detail LIKE %s",
            ledger.head(run.number, run.hash),
            f"Purge {run.number}: %",
        )
    assert faults() == ["Row 5 is not the one that the file outside of the database knows."]


def test_removed_events_are_missed(rows: list[PurgeRun]) -> None:
    sql("DELETE FROM contact_enquiryevent WHERE detail = %s", "Purge 3")
    assert faults() == ["Row 3 accounts for 1 enquiries, the events for 0."]


def test_a_purge_after_rows_were_removed_does_not_hide_it(rows: list[PurgeRun]) -> None:
    PurgeRun.objects.filter(number__gte=4).delete()
    witness.forget()
    for _ in range(2):
        make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
        purge()
    assert "Row 4 is not the one, or not the only one, that the events record." in faults()


def test_the_command_names_the_rows_ends_with_one_and_raises_the_alarm(rows: list[PurgeRun]) -> None:
    said = StringIO()
    call_command("verify_ledger", stdout=said)
    assert said.getvalue() == f"The ledger adds up: 5 rows, unbroken, last hash {rows[-1].hash}.\n"
    assert not Alarm.objects.exists()
    PurgeRun.objects.filter(number=3).update(actor_name="somebody")
    said = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("verify_ledger", stdout=said)
    assert ended.value.returncode == 1
    assert said.getvalue() == "Row 3 was changed after it was written.\n"
    alarm = Alarm.objects.standing().get()
    assert (alarm.kind, alarm.detail) == ("ledger_broken", "Row 3 was changed after it was written.")
    PurgeRun.objects.filter(number=3).update(actor_name="")
    call_command("verify_ledger", stdout=StringIO())
    assert not Alarm.objects.standing().exists()


def test_events_are_only_ever_added_to() -> None:
    event = EnquiryEvent.objects.create(kind="seen", reference="K7-3F9Q")
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        EnquiryEvent.objects.all().delete()
