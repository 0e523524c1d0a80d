"""A form that is sent several times within a day is stored once, with its messages, or not at all."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page

from clinic.models import ClinicDetails
from contact.form.forms import EnquiryForm
from contact.intake import submission
from contact.models import Enquiry, EnquiryEvent, Message
from contact.models.message import MessageType
from tests.contact.at_once import at_once
from tests.contact.factories import answers, make_enquiry

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def cleaned(**changed: str) -> dict[str, Any]:
    form = EnquiryForm(answers(**changed))
    assert form.is_valid(), form.errors
    return form.answers


def test_the_same_submission_within_a_day_is_stored_once() -> None:
    first = submission.submit_enquiry(cleaned())
    again = submission.submit_enquiry(
        cleaned(name=" sam  SAMPLE ", phone="867.555.0142", message="Do you have time  next week?\r\n")
    )
    assert again == first
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


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
def test_changed_answers_are_another_enquiry(changed: dict[str, str]) -> None:
    submission.submit_enquiry(cleaned())
    submission.submit_enquiry(cleaned(**changed))
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "after", "waits_anew"),
    [
        ("new", "new", False),
        ("in_progress", "in_progress", False),
        ("answered", "in_progress", True),
        ("closed", "in_progress", True),
        ("spam", "suspected_spam", True),
        ("suspected_spam", "suspected_spam", True),
    ],
)
def test_the_same_words_later_let_the_enquiry_wait_again(before: str, after: str, waits_anew: bool) -> None:
    now = timezone.now()
    first = submission.submit_enquiry(cleaned(), now=now - timedelta(days=9))
    later = {"follow_up_at": now + timedelta(days=9), "waiting_for_patient": True}
    Enquiry.objects.update(status=before, **later)
    for minutes in (0, 1):
        receipt = submission.submit_enquiry(cleaned(), now=now + timedelta(minutes=minutes))
        assert (receipt.pk, receipt.received_at) == (first.pk, now), "each receipt has the time of this sender"
        assert receipt.due_at
        assert receipt.due_at > now
    stored = Enquiry.objects.get()
    assert (stored.status, stored.follow_up_at, stored.waiting_for_patient) == (after, None, False)
    assert (stored.received_at, stored.promised_at != first.promised_at) == (first.received_at, waits_anew)
    assert EnquiryEvent.objects.filter(kind="again").count() == 1


def test_the_fingerprint_depends_on_the_secret_key(settings: Settings) -> None:
    with_one_key = submission.fingerprint_of(cleaned())
    settings.SECRET_KEY = "another key"
    assert submission.fingerprint_of(cleaned()) != with_one_key


@committing
def test_a_double_click_is_one_enquiry() -> None:
    receipts = at_once(*[lambda: Client().post("/enquiry/", answers())["Location"]] * 8)
    assert len(set(receipts)) == 1
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


@committing
def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_enquiry().reference
    drawn = iter([taken, taken, "K7-3F9Q"])
    monkeypatch.setattr("contact.models.enquiry.new_reference", lambda: next(drawn))
    assert submission.submit_enquiry(cleaned()).reference == "K7-3F9Q"


@committing
def test_an_enquiry_is_stored_with_its_messages_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "_queue_messages", Mock(side_effect=OperationalError("disk full")))
    with pytest.raises(OperationalError):
        submission.submit_enquiry(cleaned())
    assert not Enquiry.objects.exists()


def test_staff_are_notified_at_the_clinics_address(details: ClinicDetails) -> None:
    details.notify_email = "desk@example.org"
    details.save()
    submission.submit_enquiry(cleaned())
    assert Message.objects.get(kind=MessageType.STAFF_NOTIFICATION).recipient == "desk@example.org"


def test_the_pages_title_is_copied_and_a_wrong_page_is_ignored() -> None:
    home = Page.objects.get(depth=2)
    assert submission.submit_enquiry(cleaned(), about_id=home.pk).about_title == home.title
    root = Page.objects.get(depth=1)
    for wrong in (root.pk, 999_999_999):
        enquiry = submission.submit_enquiry(cleaned(), about_id=wrong)
        assert (enquiry.about, enquiry.about_title) == (None, "")
