"""Mails contain no name and nothing that the patient wrote, and go to the right address."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings

from clinic.models import ClinicDetails
from contact.mail import messages
from contact.models.message import MessageType
from contact.models.settings import staff_address
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db


ROBIN = {"name": "Robin Rare", "email": "robin@example.com", "message": "my knee", "about_title": "Pelvic health"}


def test_staff_get_only_the_reference_topic_and_preferred_contact() -> None:
    message = make_message(enquiry=make_enquiry(**ROBIN))
    letter = messages.build_email(message)
    assert letter.subject == f"New enquiry {message.enquiry.reference}: A treatment"
    assert "Preferred contact: E-mail" in letter.body
    assert f"{django_settings.SITE_URL}/django-admin/contact/enquiry/{message.enquiry_id}/change/" in letter.body
    assert letter.to == ["desk@example.org"]
    for private in ("Robin", "robin@example.com", "555-0142", "knee", "Pelvic"):
        assert private not in letter.message().as_string()


def test_the_receipt_repeats_nothing_that_the_patient_wrote() -> None:
    message = make_message(
        enquiry=make_enquiry(**ROBIN), kind=MessageType.PATIENT_RECEIPT, recipient="robin@example.com"
    )
    letter = messages.build_email(message)
    assert message.enquiry.reference in letter.subject
    assert "911" in letter.body
    for private in ("Robin", "555-0142", "knee", "Pelvic", "treatment", "physio-admin", "django-admin"):
        assert private not in letter.message().as_string()


def test_every_attempt_carries_the_same_message_id_and_asks_vacation_responders_not_to_answer() -> None:
    message = make_message()
    first, second = messages.build_email(message).message(), messages.build_email(message).message()
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert (first["Auto-Submitted"], first["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    assert re.fullmatch(r"<[^@>]+@example\.org>", message.message_id)
    assert make_message().message_id != message.message_id


def test_staff_notifications_go_to_the_clinics_address(details: ClinicDetails) -> None:
    details.notify_email = "desk@example.org"
    details.save()
    assert staff_address() == "desk@example.org"


def test_without_an_address_staff_notifications_go_to_the_sender(details: ClinicDetails, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Clinic <hello@example.org>"
    for address in ("desk@example.org", ""):
        details.notify_email = address
        details.save()
    assert staff_address() == "hello@example.org"
