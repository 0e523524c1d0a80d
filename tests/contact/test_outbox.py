"""The outbox as staff see it: undelivered mail first, and nothing to break."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

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
    assert "None yet" in desk.get(address).content.decode()
    desk.post(address, {"recipient": "elsewhere@example.com"})
    message.refresh_from_db()
    assert message.recipient == "desk@example.org"


def test_the_outbox_takes_the_same_few_queries_however_long_it_is(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        make_message()
    desk.get(OUTBOX)  # makes the clinic's details
    with django_assert_max_num_queries(12):
        desk.get(OUTBOX)


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
