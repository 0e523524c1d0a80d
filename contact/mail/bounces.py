"""Mail that came back: read from a mailbox, and recorded at the message that it is about.

Mail servers report a failed delivery in the form of RFC 3464. It is matched by the Message-ID of the mail that was
sent; whatever else lies in the mailbox stays as it is.
"""

from __future__ import annotations

import email
from dataclasses import dataclass
from email.message import Message

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic.lib.logs import log_failure
from contact.mail import mailboxes
from contact.models import Message as OutgoingMail
from contact.models.activity import record
from contact.models.event import EventType
from contact.workflow.reopening import reopen_if_unanswered

REASON_LENGTH = 500


@dataclass(frozen=True)
class Bounce:
    """`message_id` of the mail that was sent, and what the recipient's server said of it."""

    message_id: str
    reason: str


def collect() -> str:
    """Take in what has come back since the last look; return how much, in words.

    Raises one of `mailboxes.Unreadable` when the mailbox cannot be read.
    """
    if not settings.BOUNCES_URL:
        return "no mailbox is set"
    looked_at = taken_in = unreadable = 0
    with mailboxes.mailbox(settings.BOUNCES_URL) as mailbox:
        for mail in mailbox.reports():
            looked_at += 1
            try:
                found = bounces_in(mail.content)
            except Exception as error:  # noqa: BLE001  anybody may write to a mailbox; the next report must be read
                log_failure("A report of undelivered mail could not be read", error)
                found, unreadable = [], unreadable + 1
            # Marked only once it is stored: a process that is killed in between takes it in again, to no effect.
            taken_in += sum(take_in(bounce) for bounce in found)
            mail.mark()
    said = f"{taken_in} came back, of {looked_at} reports"
    return f"{said}, {unreadable} unreadable" if unreadable else said


def bounces_in(content: bytes) -> list[Bounce]:
    """Return the failed deliveries that a mail reports; none where it is no report, or reports a delay."""
    # Python's older parser: it leaves a header as it came, where the newer one fails on what is no header.
    mail = email.message_from_bytes(content)
    if mail.get_content_type() != "multipart/report":
        return []
    message_id = _original_id(mail)
    return [Bounce(message_id, reason) for reason in _failures(mail)] if message_id else []


def _original_id(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            original = email.message_from_bytes(headers if isinstance(headers, bytes) else b"")
            return _text(original["Message-ID"])
        if part.get_content_type() == "message/rfc822":
            return _text(_parts(part)[0]["Message-ID"])
    return ""


def _failures(mail: Message) -> list[str]:
    """Return the reason of each recipient to whom it failed for good: `Action: failed` (RFC 3464, 2.3.3)."""
    reasons = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _parts(part):
            if _text(fields["Action"]).lower() == "failed":
                said = _text(fields["Diagnostic-Code"]) or _text(fields["Status"]) or "no reason was given"
                reasons.append(said[:REASON_LENGTH])
    return reasons


def _parts(mail: Message) -> list[Message]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _text(header: object) -> str:
    """Return it on one line, without what a database does not store."""
    return " ".join(str(header or "").replace("\0", "").split())


@transaction.atomic
def take_in(bounce: Bounce) -> bool:
    """Record it, once; an answer that did not arrive makes the enquiry wait again. Say whether it was news."""
    found = OutgoingMail.objects.filter(message_id=bounce.message_id, bounced_at=None)
    message = found.select_related("enquiry").first()
    if message is None or not found.update(bounced_at=timezone.now(), bounce_reason=bounce.reason):
        return False
    record(EventType.BOUNCED, message.enquiry.reference, detail=message.get_kind_display())
    reopen_if_unanswered(message)
    return True
