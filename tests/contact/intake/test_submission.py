"""One transaction, one enquiry: however often it is sent within a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from clinic.backends.connection import retry_on_lost_connection
from clinic.models import ClinicDetails
from contact.form.forms import EnquiryForm
from contact.intake import submission
from contact.models import Enquiry, Message
from contact.models.message import MessageType
from tests.contact.factories import answers, make_enquiry


def cleaned(**changed: str) -> dict[str, Any]:
    form = EnquiryForm(answers(**changed))
    assert form.is_valid(), form.errors
    return form.answers


@pytest.mark.django_db
def test_the_same_submission_within_a_day_is_stored_once() -> None:
    first = submission.submit_enquiry(cleaned())
    again = submission.submit_enquiry(
        cleaned(name=" sam  SAMPLE ", phone="867.555.0142", message="Do you have time  next week?\r\n")
    )
    assert again == first
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Sam Sampler"},
        {"message": "Do you have time today?"},
        {"phone": "867-555-0143"},
        {"topic": "fees"},
        {"preferred_contact": "phone"},
        {"voicemail_ok": "on"},
    ],
)
def test_anything_else_is_another_enquiry(changed: dict[str, str]) -> None:
    submission.submit_enquiry(cleaned())
    submission.submit_enquiry(cleaned(**changed))
    assert Enquiry.objects.count() == 2


@pytest.mark.django_db
def test_the_same_words_after_a_day_are_a_new_enquiry() -> None:
    now = timezone.now()
    first = submission.submit_enquiry(cleaned(), now=now - timedelta(hours=24))
    second = submission.submit_enquiry(cleaned(), now=now)
    assert submission.submit_enquiry(cleaned(), now=now + timedelta(minutes=1)) == second
    assert first.pk != second.pk
    first.refresh_from_db()
    assert first.fingerprint is None


@pytest.mark.django_db
def test_the_fingerprint_tells_nothing_without_the_secret_key() -> None:
    with_one_key = submission.fingerprint_of(cleaned())
    assert len(with_one_key) == 64
    assert "Sam" not in with_one_key


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_double_click_is_one_enquiry() -> None:
    def click(_number: int) -> str:
        try:
            return str(Client().post("/enquiry/", answers())["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(click, range(8)))
    assert len(receipts) == 1
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_loses_the_race_gets_the_winners_enquiry(monkeypatch: pytest.MonkeyPatch) -> None:
    winner: list[Enquiry] = []
    store = submission._store

    def beaten(*args: Any) -> Enquiry:
        if not winner:
            winner.append(store(*args))
            raise IntegrityError("UNIQUE constraint failed: contact_enquiry.fingerprint")
        return store(*args)

    monkeypatch.setattr(submission, "_store", beaten)
    assert submission.submit_enquiry(cleaned()) == winner[0]
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_enquiry().reference
    drawn = iter([taken, taken, "K7-3F9Q"])
    monkeypatch.setattr(Enquiry._meta.get_field("reference"), "default", lambda: next(drawn))
    monkeypatch.setattr(Enquiry._meta.get_field("reference"), "_get_default", lambda: next(drawn))
    assert submission.submit_enquiry(cleaned()).reference == "K7-3F9Q"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_either_the_enquiry_and_its_messages_are_stored_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(submission, "_queue_messages", fail)
    with pytest.raises(OperationalError):
        submission.submit_enquiry(cleaned())
    assert not Enquiry.objects.exists()


@pytest.mark.django_db
def test_staff_are_told_at_the_clinics_address_or_else_at_the_senders() -> None:
    submission.submit_enquiry(cleaned())
    details = ClinicDetails.for_site(Site.objects.get())
    details.notify_email = "desk@example.org"
    details.save()
    submission.submit_enquiry(cleaned(name="Robin"))
    notices = Message.objects.filter(kind=MessageType.STAFF_NOTIFICATION).order_by("pk")
    assert [notice.recipient for notice in notices] == ["clinic@example.org", "desk@example.org"]
    assert "clinic@example.org" in settings.DEFAULT_FROM_EMAIL


@pytest.mark.django_db
def test_the_pages_title_is_copied_and_a_wrong_page_is_ignored() -> None:
    home = Page.objects.get(depth=2)
    assert submission.submit_enquiry(cleaned(), submission.Arrival(about_id=home.pk)).about_title == home.title
    root = Page.objects.get(depth=1)
    for wrong in (root.pk, 999_999_999):
        enquiry = submission.submit_enquiry(cleaned(), submission.Arrival(about_id=wrong))
        assert (enquiry.about, enquiry.about_title) == (None, "")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_was_restarted_gets_a_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([OperationalError("server closed the connection unexpectedly"), None])

    def work() -> str:
        if error := next(tries):
            raise error
        return "stored"

    monkeypatch.setattr(connection, "is_usable", lambda: False)
    assert retry_on_lost_connection(work) == "stored"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("usable", [True, False])
def test_a_database_that_is_busy_or_down_is_not_hammered(monkeypatch: pytest.MonkeyPatch, usable: bool) -> None:
    calls = []

    def work() -> None:
        calls.append(1)
        raise OperationalError("database is locked")

    monkeypatch.setattr(connection, "is_usable", lambda: usable)
    with pytest.raises(OperationalError):
        retry_on_lost_connection(work)
    assert len(calls) == (1 if usable else 2)
