"""Read reports of undelivered mail from a mailbox, and record each with the message it is about.

Mail servers report a failed delivery in the format of RFC 3464. The Message-ID of the mail that was sent leads to the
message; everything else in the mailbox is left alone.
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
from contact.mail.outbox import delivery_failed
from contact.models import Message as OutgoingMail
from contact.models.event import EventType, record

REASON_LENGTH = 500


@dataclass(frozen=True)
class Bounce:
    """`message_id` of the mail that was sent, and the reason the recipient's server gave."""

    message_id: str
    reason: str


def collect_bounces() -> str:
    """Record what has come back since the last time; return how much, in words.

    Raises one of `mailboxes.Unreadable` if the mailbox cannot be read.
    """
    if not settings.BOUNCES_URL:
        return "no mailbox is set"
    reports = recorded = unreadable = 0
    with mailboxes.mailbox(settings.BOUNCES_URL) as mailbox:
        for mail in mailbox.reports():
            reports += 1
            try:
                found = bounces_in(mail.content)
            except Exception as error:  # noqa: BLE001  anyone may write to a mailbox; the next report must be read
                log_failure("A report of undelivered mail could not be read", error)
                found, unreadable = [], unreadable + 1
            # Marked only after it is recorded: if the process is killed in between, it is read again, to no effect.
            recorded += sum(record_bounce(bounce) for bounce in found)
            mail.mark()
    summary = f"{recorded} came back, of {reports} reports"
    return f"{summary}, {unreadable} unreadable" if unreadable else summary


def bounces_in(content: bytes) -> list[Bounce]:
    """Return the failed deliveries that a mail reports; none if it is not a report, or reports a delay."""
    # Python's older parser accepts damaged headers, on which the newer one fails.
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
    """Return the reason for each recipient with `Action: failed`, a permanent failure (RFC 3464, 2.3.3)."""
    reasons = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _parts(part):
            if _text(fields["Action"]).lower() == "failed":
                reason = _text(fields["Diagnostic-Code"]) or _text(fields["Status"]) or "no reason was given"
                reasons.append(reason[:REASON_LENGTH])
    return reasons


def _parts(mail: Message) -> list[Message]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _text(header: object) -> str:
    """Return it on one line, without NUL, which PostgreSQL cannot store."""
    return " ".join(str(header or "").replace("\0", "").split())


@transaction.atomic
def record_bounce(bounce: Bounce) -> bool:
    """Record it, once; return whether it was new."""
    found = OutgoingMail.objects.filter(message_id=bounce.message_id, bounced_at=None)
    message = found.select_related("enquiry").first()
    if message is None or not found.update(bounced_at=timezone.now(), bounce_reason=bounce.reason):
        return False
    if message.enquiry:
        record(EventType.BOUNCED, message.enquiry.reference, detail=message.get_kind_display())
    delivery_failed.send(OutgoingMail, message=message)
    return True
