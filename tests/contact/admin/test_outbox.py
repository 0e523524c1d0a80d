"""The outbox as staff see it: undelivered mail first, and nothing to break."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.models import EnquiryEvent, Message
from tests.contact.factories import hours_ago, make_message

pytestmark = pytest.mark.django_db
OUTBOX = reverse("admin:contact_message_changelist")


def test_undelivered_mail_comes_first(desk: Client) -> None:
    sent = make_message(sent_at=timezone.now(), created_at=hours_ago(50))
    waiting = make_message()
    late = make_message(created_at=hours_ago(30), last_error="451 later")
    response = desk.get(OUTBOX)
    assert list(response.context["cl"].result_list) == [late, waiting, sent]
    assert "Needs attention; next try" in response.content.decode()


@pytest.mark.parametrize(("state", "count"), [("waiting", 2), ("attention", 1), ("sent", 1), ("nonsense", 3)])
def test_mail_can_be_narrowed_by_its_state(desk: Client, state: str, count: int) -> None:
    make_message(sent_at=timezone.now())
    make_message()
    make_message(is_refused=True)
    assert desk.get(OUTBOX, {"state": state}).context["cl"].result_count == count


def test_mail_can_be_tried_again_now_and_sent_mail_stays_sent(desk: Client) -> None:
    waiting = make_message(not_before=hours_ago(-5))
    sent = make_message(sent_at=timezone.now(), not_before=hours_ago(-5))
    desk.post(OUTBOX, {"action": "try_again_now", "_selected_action": [waiting.pk, sent.pk]})
    assert list(Message.objects.due(timezone.now())) == [waiting]


def test_a_message_is_shown_and_not_changed(desk: Client) -> None:
    message = make_message()
    address = reverse("admin:contact_message_change", args=[message.pk])
    html = desk.get(address).content.decode()
    assert "None yet" in html
    assert "<h1>Outgoing e-mail</h1>" in html
    assert 'name="_save"' not in html
    assert "Send it again" not in html  # it has not been tried yet
    desk.post(address, {"recipient": "elsewhere@example.com"})
    message.refresh_from_db()
    assert message.recipient == "desk@example.org"


def test_mail_that_came_back_says_why_and_can_be_sent_again_from_there(desk: Client) -> None:
    message = make_message(kind="patient_receipt", sent_at=hours_ago(2), bounced_at=hours_ago(1), attempts=1)
    Message.objects.update(bounce_reason="550 5.1.1 User unknown")
    page = desk.get(reverse("admin:contact_message_change", args=[message.pk]))
    assert "550 5.1.1 User unknown" in page.content.decode()
    assert "550 5.1.1 User unknown" in desk.get(OUTBOX).content.decode()
    resend = reverse("admin:contact_enquiry_resend", args=[message.enquiry_id, message.pk])
    assert f'action="{resend}"' in page.content.decode()
    desk.post(resend, {"attempts": message.attempts})
    assert list(Message.objects.due(timezone.now())) == [message]


def test_mail_is_found_by_its_reference_however_typed_and_by_its_address(desk: Client) -> None:
    message, other = make_message(), make_message(recipient="harryd@example.com")
    other.enquiry.reference = "K7-3F9Q"
    other.enquiry.save()
    assert list(desk.get(OUTBOX, {"q": "k73f9q"}).context["cl"].result_list) == [other]
    assert list(desk.get(OUTBOX, {"q": "harryd"}).context["cl"].result_list) == [other]
    assert list(desk.get(OUTBOX, {"q": "desk@"}).context["cl"].result_list) == [message]


def test_whose_mail_was_looked_at_is_on_record(desk: Client) -> None:
    message, other = make_message(), make_message()
    desk.get(OUTBOX)
    desk.get(OUTBOX, {"state": "sent"})  # nobody stands there
    desk.get(reverse("admin:contact_message_change", args=[message.pk]))
    events = EnquiryEvent.objects.order_by("pk").values_list("kind", "reference", "references", "actor_name")
    both = f"{message.enquiry.reference} {other.enquiry.reference}"
    assert list(events) == [
        ("listed", "", both, "reception"),
        ("seen", message.enquiry.reference, "", "reception"),
    ]
