"""The outbox as staff see it: undelivered mail first, and nothing to break."""

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.mail.backend import EmailBackend
from contact.models import EnquiryEvent, Message
from tests.contact.factories import hours_ago, make_message

pytestmark = pytest.mark.django_db
OUTBOX = reverse("admin:contact_message_changelist")


def listed(desk: Client, **query: str) -> list[Message]:
    return list(desk.get(OUTBOX, query).context["cl"].result_list)


def page_of(message: Message) -> str:
    return reverse("admin:contact_message_change", args=[message.pk])


def test_undelivered_mail_comes_first_and_mail_is_filtered_by_its_state(desk: Client) -> None:
    sent = make_message(sent_at=timezone.now(), created_at=hours_ago(50))
    waiting = make_message()
    late = make_message(created_at=hours_ago(30), last_error="451 later")
    assert listed(desk) == listed(desk, state="nonsense") == [late, waiting, sent]
    assert listed(desk, state="waiting") == [late, waiting]
    assert listed(desk, state="attention") == [late]
    assert listed(desk, state="sent") == [sent]
    assert "Needs attention; next try" in desk.get(OUTBOX).content.decode()


def test_mail_can_be_tried_again_now_and_sent_mail_stays_sent(desk: Client) -> None:
    waiting = make_message(not_before=hours_ago(-5))
    sent = make_message(sent_at=timezone.now(), not_before=hours_ago(-5))
    desk.post(OUTBOX, {"action": "try_again_now", "_selected_action": [waiting.pk, sent.pk]})
    assert list(Message.objects.due(timezone.now())) == [waiting]


def test_a_message_that_has_not_been_tried_is_shown_and_cannot_be_sent_again(desk: Client) -> None:
    html = desk.get(page_of(make_message())).content.decode()
    assert "None yet" in html
    assert "<h1>Outgoing e-mail</h1>" in html
    assert 'name="_save"' not in html
    assert "Send it again" not in html


def test_mail_about_the_site_is_listed_without_its_words(desk: Client) -> None:
    EmailBackend().send_messages([EmailMessage("Approve this page", "The words", to=["manager@example.org"])])
    (notice,) = listed(desk)
    for address in (OUTBOX, page_of(notice)):
        html = desk.get(address).content.decode()
        assert "Notice about the site" in html
        assert "manager@example.org" in html
        assert "The words" not in html
        assert "Approve" not in html
    assert not EnquiryEvent.objects.exists()


def test_mail_that_came_back_says_why_and_can_be_sent_again_from_there(desk: Client) -> None:
    message = make_message(kind="patient_receipt", sent_at=hours_ago(2), bounced_at=hours_ago(1), attempts=1)
    Message.objects.update(bounce_reason="550 5.1.1 User unknown")
    html = desk.get(page_of(message)).content.decode()
    assert "550 5.1.1 User unknown" in html
    assert "550 5.1.1 User unknown" in desk.get(OUTBOX).content.decode()
    resend = reverse("admin:contact_enquiry_resend", args=[message.enquiry_id, message.pk])
    assert f'action="{resend}"' in html
    desk.post(resend, {"attempts": message.attempts})
    assert list(Message.objects.due(timezone.now())) == [message]


def test_mail_is_found_by_its_reference_however_typed_and_by_its_address(desk: Client) -> None:
    message, other = make_message(), make_message(recipient="harryd@example.com")
    other.enquiry.reference = "K7-3F9Q"
    other.enquiry.save()
    assert listed(desk, q="k73f9q") == listed(desk, q="harryd") == [other]
    assert listed(desk, q="desk@") == [message]


def test_looking_at_mail_is_recorded(desk: Client) -> None:
    message, other = make_message(), make_message()
    listed(desk)
    listed(desk, state="sent")  # an empty list
    desk.get(page_of(message))
    events = EnquiryEvent.objects.order_by("pk").values_list("kind", "reference", "references", "actor_name")
    both = f"{message.enquiry.reference} {other.enquiry.reference}"
    assert list(events) == [
        ("listed", "", both, "reception"),
        ("seen", message.enquiry.reference, "", "reception"),
    ]
