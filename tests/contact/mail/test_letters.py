"""What leaves by e-mail names nobody and repeats nothing."""

import re

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from contact.mail import messages
from contact.models import Enquiry
from contact.models.message import MessageType
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db


def enquiry() -> Enquiry:
    return make_enquiry(
        name="Robin Rare",
        email="robin@example.com",
        message="my sore knee",
        about_title="Pelvic health",
        topic="treatment",
    )


def whole(letter: EmailMessage) -> str:
    return letter.message().as_string()


def test_staff_read_reference_topic_and_way_and_no_name_and_no_message() -> None:
    message = make_message(enquiry=enquiry())
    letter = messages.build_email(message)
    assert letter.subject == f"New enquiry {message.enquiry.reference}: A treatment"
    assert "Preferred contact: E-mail" in letter.body
    assert f"{settings.SITE_URL}/django-admin/contact/enquiry/{message.enquiry_id}/change/" in letter.body
    assert letter.to == ["desk@example.org"]
    for private in ("Robin", "robin@example.com", "555-0142", "knee", "Pelvic"):
        assert private not in whole(letter)


def test_the_patient_gets_a_receipt_without_the_content() -> None:
    message = make_message(enquiry=enquiry(), kind=MessageType.PATIENT_RECEIPT, recipient="robin@example.com")
    letter = messages.build_email(message)
    assert message.enquiry.reference in letter.subject
    assert "911" in letter.body
    for private in ("Robin", "555-0142", "knee", "Pelvic", "treatment", "physio-admin", "django-admin"):
        assert private not in whole(letter)


def test_every_attempt_carries_the_same_message_id() -> None:
    message = make_message()
    ids = {messages.build_email(message).message()["Message-ID"] for _ in range(2)}
    assert ids == {message.message_id}
    assert re.fullmatch(r"<[^@>]+@example\.org>", message.message_id)
    assert make_message().message_id != message.message_id


def test_vacation_responders_are_asked_to_be_silent() -> None:
    assert messages.build_email(make_message()).message()["Auto-Submitted"] == "auto-generated"
