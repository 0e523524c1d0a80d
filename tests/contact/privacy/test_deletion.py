"""Which enquiries are deleted and when, with all that belongs to them, and what is recorded without personal data."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from contact.jobs import job_specs
from contact.models import Alarm, DeliveryAttempt, DeskSettings, Enquiry, EnquiryEvent, Entry, Job, Message, PurgeRun
from contact.models.privacy import Tally
from contact.monitoring.scheduler import run_due
from contact.privacy import deletion
from contact.privacy.deletion import close_answered, purge, remember_erased
from contact.privacy.person import erase
from contact.workflow.updates import update_enquiry
from tests.contact.factories import at_once, browser_of, hours_ago, make_enquiry, make_message

committing = pytest.mark.django_db(transaction=True, serialized_rollback=True)
LONG_AGO = datetime(2020, 3, 1, 18, tzinfo=UTC)


def make_due(**fields: Any) -> Enquiry:
    """Return an enquiry that was closed long ago, with a note, a reply, two mails and an attempt."""
    enquiry = make_enquiry(**{"status": "closed", "closed_at": LONG_AGO, "received_at": LONG_AGO} | fields)
    Entry.objects.create(enquiry=enquiry, kind="note", text="Prefers mornings")
    reply = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello Sam")
    make_message(enquiry=enquiry)
    sent = make_message(enquiry=enquiry, kind="reply", entry=reply, recipient="sam@example.com", sent_at=LONG_AGO)
    DeliveryAttempt.objects.create(message=sent, started_at=LONG_AGO, outcome="sent", reply="250 OK")
    return enquiry


def test_everything_that_belongs_to_an_enquiry_is_deleted_with_it_and_recorded() -> None:
    gone = make_due()
    stays = make_due(closed_at=timezone.now(), received_at=timezone.now())
    run = purge()
    assert purge() is None
    assert [enquiry.reference for enquiry in Enquiry.all_objects.all()] == [stays.reference]
    assert (Entry.objects.count(), Message.objects.count(), DeliveryAttempt.objects.count()) == (2, 2, 1)
    assert run == PurgeRun.objects.get()
    assert (run.total, run.counts, run.references, run.actor_name) == (1, {"closed": 1}, [gone.reference], "")
    assert run.related_rows == {"delivery attempts": 1, "entries": 2, "outgoing e-mails": 2}
    assert run.keep_days == {"closed": 90, "spam": 30}
    assert (run.oldest_received_at, run.newest_received_at) == (LONG_AGO, LONG_AGO)
    events = EnquiryEvent.objects.filter(kind="purged").values_list("reference", "detail")
    assert list(events) == [(gone.reference, f"Deletion {run.pk}")]
    make_due(status="spam")
    make_due(received_at=timezone.now() - timedelta(days=100), topic="fees")
    run = purge()
    assert run
    assert run.counts == {"closed": 1, "spam": 1}
    assert Tally.objects.get().topic == "fees", "it stays in the statistics"


@pytest.mark.parametrize("model", [PurgeRun, EnquiryEvent])
def test_records_and_events_are_neither_changed_nor_deleted(model: type[PurgeRun | EnquiryEvent]) -> None:
    make_due()
    purge()
    row: Any = model.objects.first()
    rows = model.objects.all()
    update, bulk_update = partial(rows.update, actor_name="x"), partial(rows.bulk_update, [row], ["actor_name"])
    for attempt in (row.save, row.delete, rows.delete, update, bulk_update):
        with pytest.raises(TypeError, match="only ever added"):
            attempt()


def test_the_command_lists_what_is_due_or_closes_and_deletes_it_and_can_be_run_twice() -> None:
    due = make_due()
    make_due(status="answered", answered_at=LONG_AGO, closed_at=None)
    Entry.objects.update(at=LONG_AGO)
    Message.objects.update(created_at=LONG_AGO, sent_at=LONG_AGO)
    dry, output = StringIO(), StringIO()
    call_command("purge_enquiries", dry_run=True, stdout=dry)
    assert f"{due.reference}  closed since 2020-03-01" in dry.getvalue()
    assert "1 would be deleted (closed for 90 days, spam for 30 days). Nothing was changed." in dry.getvalue()
    assert "Sam" not in dry.getvalue()
    assert not EnquiryEvent.objects.exists()
    for _ in range(2):
        call_command("purge_enquiries", stdout=output)
    assert output.getvalue() == "1 closed, 1 deleted.\n0 closed, nothing to delete.\n"
    assert Enquiry.objects.get().status == "closed"


def test_a_purge_of_far_more_than_usual_asks_first_and_raises_an_alarm_until_it_is_confirmed() -> None:
    spec = next(spec for spec in job_specs() if spec.name == "purge_enquiries")
    for _ in range(11):
        make_due()
    for _ in range(2):
        Job.objects.update_or_create(name=spec.name, defaults={"next_run_at": timezone.now()})
        run_due([spec])
    assert (Enquiry.objects.count(), PurgeRun.objects.count()) == (11, 0)
    alarm = Alarm.objects.get(ended_at=None)
    assert "11 enquiries are due for deletion, far more than usual." in alarm.detail
    with pytest.raises(CommandError, match="--confirm"):
        call_command("purge_enquiries")
    call_command("purge_enquiries", confirm=True, stdout=StringIO())
    assert Enquiry.objects.count() == 0
    Job.objects.update(next_run_at=timezone.now())
    run_due([spec])
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_up_to_twice_as_many_as_before_are_usual_and_even_a_few_are_not_after_nights_without_a_purge() -> None:
    now = timezone.now()
    for days, is_unusual in ((1, False), (3, True), (-2, True)):
        Job.objects.update_or_create(name=deletion.JOB, defaults={"last_finished_at": now - timedelta(days=days)})
        assert deletion.is_unusual(3, now) is is_unusual
        assert not deletion.is_unusual(0, now)
    for _ in range(7):
        make_due()
    purge(confirmed=True)
    assert [deletion.is_unusual(number, now) for number in (14, 15)] == [False, True]


def test_managers_confirm_it_under_deletions_and_reception_cannot(desk: Client, manager: User) -> None:
    for _ in range(11):
        make_due()
    address, page = reverse("admin:contact_purgerun_confirm"), reverse("admin:contact_purgerun_changelist")
    assert desk.post(address).status_code == 403
    managers_browser = browser_of(manager)
    html = managers_browser.get(page).content.decode()
    assert "11 enquiries are due for deletion" in html
    assert html.index(f'action="{address}"') < html.index('id="changelist-form"'), "a form in a form does nothing"
    managers_browser.post(address)
    assert PurgeRun.objects.get().actor_name == manager.get_username()
    assert "due for deletion" not in managers_browser.get(page).content.decode()


def test_nothing_is_deleted_when_a_purge_ends_before_its_last_record(monkeypatch: pytest.MonkeyPatch) -> None:
    make_due()
    monkeypatch.setattr(deletion, "record_each", Mock(side_effect=OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        purge()
    assert (Enquiry.objects.count(), Message.objects.count(), PurgeRun.objects.count()) == (1, 2, 0)


def test_the_record_of_a_deletion_is_a_page_to_print_without_personal_data(as_manager: Client) -> None:
    references = [make_due(name=name, message="My shoulder").reference for name in ("Robin Rare", "Sam Sample")]
    run = purge()
    assert run
    html = as_manager.get(reverse("admin:contact_purgerun_change", args=[run.pk])).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    for words in (
        "2 enquiries and everything that belonged to them were permanently deleted.", "The website, on schedule",
        "2: Closed, and the retention period is over", "Closed: 90 days; Spam: 30 days", *references,
    ):  # fmt: skip
        assert words in text
    assert not any(words in text for words in ("Robin", "Sam Sample", "shoulder", "example.com"))


def test_an_erased_enquiry_that_a_backup_brought_back_is_erased_again(
    rf: RequestFactory, manager: User, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    enquiry = make_enquiry(received_at=hours_ago(5))
    erased, request = enquiry.reference, rf.post("/")
    request.user = manager
    with django_capture_on_commit_callbacks(execute=True):
        erase([enquiry], request)
    make_enquiry(reference=erased, received_at=hours_ago(5), name="Robin Rare")
    other = make_enquiry()
    file = Path(settings.STATE_DIR) / "erased-references.txt"
    assert re.fullmatch(rf"{erased} 2\S+\n", file.read_text()), "only the reference and the time"
    file.write_text(f"{file.read_text()}{other.reference}\nnonsense here\n\n")  # damaged lines
    assert purge()
    assert [enquiry.pk for enquiry in Enquiry.objects.all()] == [other.pk]
    assert [run.counts for run in PurgeRun.objects.order_by("pk")] == [{"request": 1}, {"restored": 1}]
    assert EnquiryEvent.objects.filter(kind="erased", reference=erased).count() == 2
    make_enquiry(reference=erased)
    assert purge() is None, "a later enquiry that got the same reference"
    Enquiry.objects.update(received_at=hours_ago(5), legal_hold=True)
    assert purge() is None


def test_an_unusable_file_does_not_stop_a_deletion(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.STATE_DIR = Path(__file__)  # a file, in which there is none
    remember_erased(["K7-3F9Q"])
    assert "could not be written" in caplog.text
    make_enquiry(status="spam", closed_at=hours_ago(24 * 31))
    assert purge()
    assert "could not be read" in caplog.text


def days_ago(days: float) -> datetime:
    return hours_ago(24 * days)


@pytest.mark.parametrize(
    ("status", "ended_days_ago", "is_due"),
    [
        *(("closed", 89.9, False), ("closed", 90.1, True), ("spam", 29.9, False), ("spam", 30.1, True)),
        *((status, 4000, False) for status in ("new", "in_progress", "answered", "suspected_spam")),
    ],
)
def test_an_enquiry_is_deleted_once_its_period_is_over(status: str, ended_days_ago: float, is_due: bool) -> None:
    make_enquiry(status=status, received_at=days_ago(5000))
    Enquiry.objects.update(closed_at=days_ago(ended_days_ago))
    purge()
    assert Enquiry.objects.exists() is not is_due


def test_managers_set_the_periods_and_an_enquiry_on_legal_hold_or_a_canary_is_not_deleted() -> None:
    DeskSettings.objects.update_or_create(defaults={"keep_closed_days": 10, "keep_spam_days": 5})
    for status, days in (("closed", 9), ("closed", 11), ("spam", 4), ("spam", 6)):
        make_enquiry(status=status, closed_at=days_ago(days))
    make_enquiry(status="spam", closed_at=days_ago(4000), legal_hold=True)
    make_enquiry(status="spam", closed_at=days_ago(4000), is_canary=True)
    run = purge()
    assert run
    assert (run.counts, run.keep_days) == ({"closed": 1, "spam": 1}, {"closed": 10, "spam": 5})
    assert Enquiry.objects.filter(legal_hold=True).exists()
    assert Enquiry.all_objects.filter(is_canary=True).exists()


def test_an_answered_enquiry_is_closed_after_two_weeks_without_activity() -> None:
    answered = {"status": "answered", "answered_at": days_ago(15), "received_at": days_ago(16)}
    quiet, noted, mailed, bounced, unsent, changed = (make_enquiry(**answered) for _ in range(6))
    make_enquiry(**answered | {"answered_at": days_ago(13)})
    EnquiryEvent.objects.create(kind="seen", reference=quiet.reference, at=days_ago(1))  # no activity
    Entry.objects.create(enquiry=quiet, kind="note", at=days_ago(15))
    Entry.objects.create(enquiry=noted, kind="call", at=days_ago(2))
    make_message(enquiry=mailed, created_at=days_ago(15), sent_at=days_ago(1))
    make_message(enquiry=bounced, created_at=days_ago(15), sent_at=days_ago(15), bounced_at=days_ago(1))
    reply = Entry.objects.create(enquiry=unsent, kind="reply", at=days_ago(15))
    make_message(enquiry=unsent, kind="reply", entry=reply, created_at=days_ago(15))
    EnquiryEvent.objects.create(kind="changed", reference=changed.reference, at=days_ago(1))
    assert [close_answered(), close_answered()] == [1, 0]
    quiet.refresh_from_db()
    assert (quiet.status, quiet.revision, bool(quiet.closed_at)) == ("closed", 1, True)
    event = EnquiryEvent.objects.get(reference=quiet.reference, kind="changed")
    assert (event.actor_name, event.detail) == ("", "status: Answered → Closed")


@committing
def test_an_enquiry_that_is_reopened_during_a_purge_is_not_deleted() -> None:
    enquiry = make_due()
    purging = Thread(target=at_once, args=[purge])
    with transaction.atomic():
        update_enquiry(enquiry, None, status="in_progress")
        purging.start()  # while this change is not yet committed
        purging.join(0.2)
    purging.join()
    assert Enquiry.objects.get().status == "in_progress"
    assert Entry.objects.count() == 2
    assert not PurgeRun.objects.exists()


@committing
def test_four_purges_at_once_delete_and_record_each_enquiry_once() -> None:
    references = sorted(make_due().reference for _ in range(5))
    at_once(*[partial(purge, confirmed=True)] * 4)
    assert not Enquiry.all_objects.exists()
    assert sorted(reference for run in PurgeRun.objects.all() for reference in run.references) == references
    purged = EnquiryEvent.objects.filter(kind="purged").values_list("reference", flat=True)
    assert sorted(purged) == references


@committing
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's files can be read here")
def test_no_file_of_the_database_contains_a_deleted_enquiry() -> None:
    """`cat` reads the files: this process would lose its locks on them by closing what it has read."""
    make_due(message="Unmistakable words", name="Unmistakable name")
    file = Path(connection.settings_dict["NAME"])
    for is_there in (True, False):
        read = subprocess.run(["cat", *file.parent.glob(f"{file.name}*")], capture_output=True, check=True).stdout
        assert (b"Unmistakable" in read) is is_there
        purge()
