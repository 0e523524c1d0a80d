"""A purge deletes all that belongs to an enquiry, and records it without personal data."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.jobs import job_specs
from contact.models import Alarm, DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Job, Message, PurgeRun, Tally
from contact.monitoring.scheduler import run_due
from contact.privacy import deletion
from tests.contact.privacy.factories import LONG_AGO, make_due

pytestmark = pytest.mark.django_db


def test_everything_that_belongs_to_an_enquiry_is_deleted_with_it_and_recorded() -> None:
    gone = make_due()
    stays = make_due(closed_at=timezone.now(), received_at=timezone.now())
    run = deletion.purge()
    assert [enquiry.reference for enquiry in Enquiry.all_objects.all()] == [stays.reference]
    assert (Entry.objects.count(), Message.objects.count(), DeliveryAttempt.objects.count()) == (2, 2, 1)
    assert run == PurgeRun.objects.get()
    assert run.total == 1
    assert (run.counts, run.references, run.actor_name) == ({"closed": 1}, [gone.reference], "")
    assert run.related_rows == {"delivery attempts": 1, "entries": 2, "outgoing e-mails": 2}
    assert run.keep_days == {"closed": 90, "spam": 30}
    assert (run.oldest_received_at, run.newest_received_at) == (LONG_AGO, LONG_AGO)
    events = EnquiryEvent.objects.filter(kind="purged").values_list("reference", "detail")
    assert list(events) == [(gone.reference, f"Deletion {run.pk}")]


def test_each_run_that_deletes_something_leaves_one_record_with_the_reasons() -> None:
    for status in ("closed", "closed", "spam"):
        make_due(status=status)
    deletion.purge()
    assert deletion.purge() is None
    assert PurgeRun.objects.get().counts == {"closed": 2, "spam": 1}


@pytest.mark.parametrize("model", [PurgeRun, EnquiryEvent])
def test_records_and_events_are_neither_changed_nor_deleted(model: type[PurgeRun | EnquiryEvent]) -> None:
    make_due()
    deletion.purge()
    row: Any = model.objects.first()
    assert row
    for attempt in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(actor_name="x"),
        lambda: model.objects.bulk_update([row], ["actor_name"]),
    ):
        with pytest.raises(TypeError, match="only ever added"):
            attempt()


def test_a_dry_run_lists_what_is_due_and_changes_nothing() -> None:
    due = make_due()
    make_due(status="answered", answered_at=LONG_AGO)
    output = StringIO()
    call_command("purge_enquiries", dry_run=True, stdout=output)
    assert f"{due.reference}  closed since 2020-03-01" in output.getvalue()
    assert "1 would be deleted (closed for 90 days, spam for 30 days). Nothing was changed." in output.getvalue()
    assert "Sam" not in output.getvalue()
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"closed", "answered"}
    assert not EnquiryEvent.objects.exists()


def test_the_command_closes_and_deletes_and_can_be_run_twice() -> None:
    make_due()
    make_due(status="answered", answered_at=LONG_AGO, closed_at=None)
    Entry.objects.update(at=LONG_AGO)
    Message.objects.update(created_at=LONG_AGO, sent_at=LONG_AGO)
    output = StringIO()
    call_command("purge_enquiries", stdout=output)
    assert Enquiry.objects.get().status == "closed"
    call_command("purge_enquiries", stdout=output)
    assert output.getvalue() == "1 closed, 1 deleted.\n0 closed, nothing to delete.\n"


def due_after_a_leap(number: int) -> None:
    for _ in range(number):
        make_due()


def test_a_purge_of_far_more_than_usual_asks_first_and_raises_an_alarm_until_it_is_confirmed() -> None:
    spec = next(spec for spec in job_specs() if spec.name == "purge_enquiries")
    due_after_a_leap(11)
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


def test_more_than_ten_are_usual_where_as_many_were_deleted_before() -> None:
    due_after_a_leap(11)
    deletion.purge(confirmed=True)
    due_after_a_leap(22)
    assert deletion.purge()
    due_after_a_leap(45)
    with pytest.raises(deletion.UnusualPurgeError):
        deletion.purge()


@pytest.mark.parametrize(("days", "is_unusual"), [(1, False), (3, True), (-2, True)])
def test_even_a_few_are_unusual_after_nights_without_a_purge(days: int, is_unusual: bool) -> None:
    now = timezone.now()
    Job.objects.create(name=deletion.JOB, last_finished_at=now - timedelta(days=days))
    assert deletion.is_unusual(3, now) == is_unusual
    assert not deletion.is_unusual(0, now)


def test_a_manager_confirms_it_under_deletions_and_reception_cannot(
    client: Client, manager: User, receptionist: User
) -> None:
    due_after_a_leap(11)
    address, page = reverse("admin:contact_purgerun_confirm"), reverse("admin:contact_purgerun_changelist")
    client.force_login(receptionist)
    assert client.post(address).status_code == 403
    client.force_login(manager)
    assert client.get(address).status_code == 405
    html = client.get(page).content.decode()
    assert "11 enquiries are due for deletion" in html
    assert html.index(f'action="{address}"') < html.index('id="changelist-form"'), "a form in a form does nothing"
    client.post(address)
    assert PurgeRun.objects.get().actor_name == manager.get_username()
    assert "due for deletion" not in client.get(page).content.decode()


def test_nothing_is_deleted_when_a_purge_ends_before_its_last_record(monkeypatch: pytest.MonkeyPatch) -> None:
    make_due()
    monkeypatch.setattr(deletion, "record_each", Mock(side_effect=OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        deletion.purge()
    assert (Enquiry.objects.count(), Message.objects.count(), PurgeRun.objects.count()) == (1, 2, 0)


def test_a_deleted_enquiry_stays_in_the_statistics() -> None:
    make_due(received_at=timezone.now() - timedelta(days=100), topic="fees")
    deletion.purge()
    assert Tally.objects.get().topic == "fees"


def test_the_record_of_a_deletion_is_a_page_to_print_without_personal_data(managers_desk: Client) -> None:
    references = [make_due(name=name, message="My shoulder").reference for name in ("Robin Rare", "Sam Sample")]
    run = deletion.purge()
    assert run
    html = managers_desk.get(reverse("admin:contact_purgerun_change", args=[run.pk])).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "2 enquiries and everything that belonged to them were permanently deleted." in text
    assert "2: Closed, and the retention period is over" in text
    assert "Closed: 90 days; Spam: 30 days" in text
    assert "The website, on schedule" in text
    assert all(reference in text for reference in references)
    assert not any(words in text for words in ("Robin", "Sam Sample", "shoulder", "example.com"))
