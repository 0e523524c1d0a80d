"""Django's `EMAIL_BACKEND`: stores each mail in the outbox, so that no page waits for a mail server or fails with it.

Wagtail's notices of moderation and comments, and whatever else Django or a library mails, come through here. Only the
worker talks to the mail server (`contact/mail/outbox.py`). Each recipient gets a row, so that one who is refused does
not stop the others.
"""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message as ParsedMessage
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.db import transaction
from django.utils import timezone

from contact.mail.lines import AUTOMATIC, quote_text
from contact.models import Message
from contact.models.message import MessageType, new_message_id


class EmailBackend(BaseEmailBackend):
    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for recipient in dict.fromkeys(mail.recipients()):
                store(mail, recipient)
        return len(email_messages)


def store(mail: EmailMessage, recipient: str) -> None:
    mime, message_id = mail.message(), new_message_id()
    del mime["Message-ID"]
    for name, value in {"Message-ID": message_id, "X-Clinic-Message": message_id, **AUTOMATIC}.items():
        mime[name] = value
    quote_text(mime)
    Message.objects.create(
        kind=MessageType.SITE,
        recipient=parseaddr(sanitize_address(recipient, "utf-8"))[1],
        message_id=message_id,
        content=mime.as_bytes(),
    )


class Mime(ParsedMessage):
    """A parsed mail, which Django's backends ask for bytes in their own way."""

    def as_bytes(self, *_args: Any, linesep: str = "\n", **_options: Any) -> bytes:
        return super().as_bytes(policy=self.policy.clone(linesep=linesep))


class StoredEmail(EmailMessage):
    """Exactly the mail that was stored, for the recipient of this row alone."""

    def __init__(self, message: Message) -> None:
        self.mime = message_from_bytes(bytes(message.content), _class=Mime)
        super().__init__(from_email=str(self.mime["From"]), to=[message.recipient])

    def message(self, **_options: Any) -> Any:
        return self.mime


def remove_expired() -> str:
    """Remove mail without an enquiry, some time after it was sent or became useless; a job."""
    _rows, removed = Message.objects.expired(timezone.now()).delete()
    return f"{removed.get(Message._meta.label, 0)} removed"
