"""Where a reply goes: a wrong address leads somewhere, and what the patient typed is never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from contact.admin.reply_addresses import OTHER, addresses_of
from contact.models import Enquiry, EnquiryEvent, Message, ReplyText
from tests.contact.factories import make_enquiry, make_message
from tests.contact.reply_page import address_of, page_of, sent_by

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
MENDED = {"recipient": OTHER, "other_address": "robin.rare@example.com", "text": "Hello"}


def unreachable(**fields: Any) -> Enquiry:
    """Return an enquiry without a phone number, the receipt of which came back."""
    enquiry = make_enquiry(**{"phone": "", "email": "robn@example.com"} | fields)
    make_message(
        enquiry=enquiry, kind="patient_receipt", recipient=enquiry.email, sent_at=timezone.now(),
        bounced_at=timezone.now(),
    )  # fmt: skip
    return enquiry


def test_a_reply_goes_to_the_mended_address_and_the_typed_one_stays(desk: Client) -> None:
    enquiry = unreachable()
    response = desk.post(address_of(enquiry), page_of(desk, enquiry) | MENDED, follow=True)
    assert Message.objects.get(kind="reply").recipient == "robin.rare@example.com"
    assert "To robin.rare@example.com:" in response.content.decode(), "the timeline says where it went"
    enquiry.refresh_from_db()
    assert (enquiry.email, enquiry.status) == ("robn@example.com", "answered")
    event = EnquiryEvent.objects.get(kind="replied")
    assert event.detail == "to another address than the patient typed"


def test_the_next_reply_goes_there_too_unless_it_came_back(desk: Client) -> None:
    enquiry = unreachable()
    desk.post(address_of(enquiry), page_of(desk, enquiry) | MENDED)
    assert page_of(desk, enquiry)["recipient"] == "robin.rare@example.com"
    Message.objects.filter(kind="reply").update(bounced_at=timezone.now())
    assert page_of(desk, enquiry)["recipient"] == OTHER


def test_what_is_known_of_each_address_stands_beside_it(desk: Client) -> None:
    assert addresses_of(make_enquiry()) == (
        [("sam@example.com", "sam@example.com"), (OTHER, "Another address")], "sam@example.com",
    )  # fmt: skip
    assert addresses_of(unreachable(email="sam@gmial.com")) == (
        [
            ("sam@gmial.com", "sam@gmial.com, as it was typed, mail to it came back"),
            ("sam@gmail.com", "sam@gmail.com, as it was probably meant"),
            (OTHER, "Another address"),
        ],
        "sam@gmail.com",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"recipient": OTHER, "other_address": ""}, "Type the address, or choose one above."),
        ({"recipient": OTHER, "other_address": "robin at home"}, "Enter a valid email address."),
        ({"recipient": OTHER, "other_address": f"{'r' * 250}@example.com"}, "at most 254 characters"),
        ({"recipient": "sam@example.com", "other_address": "x@example.com"}, "Choose “Another address” above"),
        ({"recipient": "x@example.com", "other_address": ""}, "Select a valid choice."),
    ],
)
def test_an_address_that_cannot_be_meant_is_shown_again_with_the_reason(
    desk: Client, typed: dict[str, str], said: str
) -> None:
    enquiry = make_enquiry()
    response = desk.post(address_of(enquiry), page_of(desk, enquiry) | {"text": "Hello"} | typed)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Message.objects.exists()


def test_choosing_another_text_keeps_the_mended_address(desk: Client) -> None:
    enquiry = unreachable()
    chosen = {"_choose": "yes", "ready_made": ReplyText.objects.create(title="Any", body="Hello").pk}
    form = desk.post(address_of(enquiry), page_of(desk, enquiry) | MENDED | chosen).context["form"]
    again = sent_by(form)
    assert (again["recipient"], again["other_address"]) == (OTHER, "robin.rare@example.com")


def test_who_left_no_phone_number_is_not_to_be_phoned(desk: Client) -> None:
    enquiry = unreachable()
    page = desk.get(address_of(enquiry, "change")).content.decode()
    assert f'<a href="{address_of(enquiry)}">write to another one</a>' in page
    assert "phone them, or mend the address" in desk.get("/django-admin/").content.decode()
