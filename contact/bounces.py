"""Mail that came back: read from a mailbox, and recorded at the message that it is about.

Mail servers report a failed delivery in the form of RFC 3464. It is matched by the Message-ID of the mail that was
sent; whatever else lies in the mailbox stays as it is.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contact import mailboxes
from contact.events import Kind, record
from contact.models import Message
from contact.undelivered import reopen_if_unanswered

if TYPE_CHECKING:
    from email.message import EmailMessage

REASON_LENGTH = 500


@dataclass(frozen=True)
class Bounce:
    """`message_id` of the mail that was sent, and what the recipient's server said of it."""

    message_id: str
    reason: str


def collect() -> str:
    """Take in what has come back since the last look; return how much, in words.

    Raises `OSError` or `imaplib.IMAP4.error` when the mailbox cannot be read.
    """
    if not settings.BOUNCES_URL:
        return "no mailbox is set"
    looked_at = taken_in = 0
    with mailboxes.mailbox(settings.BOUNCES_URL) as mailbox:
        for mail in mailbox.reports():
            looked_at += 1
            # Marked only once it is stored: a process that is killed in between takes it in again, to no effect.
            taken_in += sum(take_in(bounce) for bounce in bounces_in(mail.content))
            mail.mark()
    return f"{taken_in} came back, of {looked_at} reports"


def bounces_in(content: bytes) -> list[Bounce]:
    """Return the failed deliveries that a mail reports; none where it is no report, or reports a delay."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    if mail.get_content_type() != "multipart/report":
        return []
    message_id = _original_id(mail)
    return [Bounce(message_id, reason) for reason in _failures(mail)] if message_id else []


def _original_id(mail: EmailMessage) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(part.get_content(), policy=email.policy.default)
            return str(headers.get("Message-ID", "")).strip()
        if part.get_content_type() == "message/rfc822":
            original = part.get_content()
            return str(original.get("Message-ID", "")).strip()
    return ""


def _failures(mail: EmailMessage) -> list[str]:
    """Return the reason of each recipient to whom it failed for good: `Action: failed` (RFC 3464, 2.3.3)."""
    reasons = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.iter_parts() if part.is_multipart() else ():
            if str(fields.get("Action", "")).strip().lower() == "failed":
                said = fields.get("Diagnostic-Code") or fields.get("Status") or "no reason was given"
                reasons.append(" ".join(str(said).split())[:REASON_LENGTH])
    return reasons


@transaction.atomic
def take_in(bounce: Bounce) -> bool:
    """Record it, once; an answer that did not arrive makes the enquiry wait again. Say whether it was news."""
    found = Message.objects.filter(message_id=bounce.message_id, bounced_at=None)
    message = found.select_related("enquiry").first()
    if message is None or not found.update(bounced_at=timezone.now(), bounce_reason=bounce.reason):
        return False
    record(Kind.BOUNCED, message.enquiry.reference, detail=message.get_kind_display())
    reopen_if_unanswered(message)
    return True
