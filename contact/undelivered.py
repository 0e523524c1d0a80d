"""An answer that did not arrive is no answer: the enquiry waits again."""

from __future__ import annotations

from contact import desk
from contact.models import Message
from contact.models.enquiry import Status


def reopen_if_unanswered(message: Message) -> None:
    """Put the enquiry back among those that wait when it was this message that answered it."""
    if message.kind == Message.Kind.REPLY and message.enquiry.status == Status.ANSWERED:
        desk.change(message.enquiry, None, status=Status.IN_PROGRESS)
