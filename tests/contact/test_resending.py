"""Mail that was refused, came back or is missed goes out once more: the same words, by one click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contact.mail.outbox import deliver_due
from contact.models import EnquiryEvent, Message
from contact.models.message import MessageType
from tests.contact.factories import make_enquiry, make_message
from tests.contact.mail_server import MailServer, serving
from tests.contact.reply_page import address_of, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with serving(settings) as running:
        yield running


def test_a_refused_reply_is_seen_on_the_page_and_can_be_sent_again(desk: Client, server: MailServer) -> None:
    enquiry = make_enquiry()
    reply(desk, enquiry)
    server.at_recipient = lambda _recipient: "550 5.1.1 No such user"
    deliver_due()
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress"  # an answer that did not arrive is none
    html = desk.get(address_of(enquiry, "change")).content.decode()
    assert "Mail did not reach the patient" in html
    assert "550 5.1.1 No such user" in html

    server.at_recipient = lambda _recipient: None
    message = Message.objects.get()
    resend = address_of(enquiry, "resend", message.pk)
    for _ in range(2):
        desk.post(resend, {"attempts": message.attempts})
    assert deliver_due().sent == 1
    desk.post(resend, {"attempts": message.attempts})  # from a page of before
    assert deliver_due().sent == 0
    resent = EnquiryEvent.objects.filter(kind="resent").values_list("detail", flat=True)
    assert list(resent) == ["Reply to the patient; not accepted before"]
    assert "Mail did not reach" not in desk.get(address_of(enquiry, "change")).content.decode()
    assert server.taken == {message.message_id: 1}


def test_a_reply_that_came_back_is_sent_again_with_the_same_words(desk: Client, server: MailServer) -> None:
    enquiry = make_enquiry()
    reply(desk, enquiry, "The same words.")
    deliver_due()
    message = Message.objects.get()
    Message.objects.update(bounced_at=message.created_at, bounce_reason="550 gone")
    message.refresh_from_db()
    desk.post(address_of(enquiry, "resend", message.pk), {"attempts": message.attempts})
    assert deliver_due().sent == 1
    message.refresh_from_db()
    assert message.bounced_at is None
    assert not message.needs_attention
    assert server.taken == {message.message_id: 2}
    assert server.mails[0].get_payload() == server.mails[1].get_payload()


def test_a_mail_of_another_enquiry_and_a_reminder_are_not_sent_again(desk: Client) -> None:
    enquiry, message = make_enquiry(), make_message(sent_at=None, is_refused=True)
    assert desk.post(address_of(enquiry, "resend", message.pk), {"attempts": "0"}).status_code == 404
    reminder = make_message(enquiry=enquiry, kind=MessageType.ESCALATION_MANAGER)
    assert desk.post(address_of(enquiry, "resend", reminder.pk), {"attempts": "0"}).status_code == 404
    assert desk.get(address_of(enquiry, "resend", reminder.pk)).status_code == 405
