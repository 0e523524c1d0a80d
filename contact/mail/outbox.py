"""Send what is in the outbox: claim a message, send it, record what the server answered, or try again later.

Any number of workers may run, and any may be killed at any moment. One UPDATE claims a message for a limited time (the
lease), and only one worker can win it. If a worker dies after the server accepted the mail and before recording that,
the message is sent a second time with the same Message-ID. Nothing else leads to a second copy, and no message is lost.
"""

import logging
import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error as DatabaseError
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from contact.mail.messages import emails_for
from contact.mail.smtp import reply_line
from contact.models import DeliveryAttempt, Message
from contact.models.event import EventType, record

logger = logging.getLogger(__name__)

Outcome = DeliveryAttempt.Outcome
# And what the server answered.
Result = tuple[DeliveryAttempt.Outcome, str]

# Longer than one mail can take: four commands of EMAIL_TIMEOUT (20 s) each.
LEASE = timedelta(seconds=120)
BATCH = 100
# Minutes to wait after the first, second … failure, and after all later ones. It gives up only when the address is
# refused for good: after half an hour staff see the message among those that need attention.
WAITS = (1, 5, 15, 30, 60)
# When the server does not answer at all, the mail should leave soon after it is back.
WAITS_UNREACHABLE = (1, 2, 5)

# SMTP reply codes (RFC 5321): permanent failures from here on; "service closing".
PERMANENT = 500
CLOSING = 421
# A permanent refusal that is about us, and not about the recipient's address.
OF_US = re.compile(r"^53\d|\brelay|authent|\bsender\b|starttls|suspended", re.IGNORECASE)
# The reply recorded with an attempt when a developer's site only prints its mail.
NO_SERVER = "No mail server: EMAIL_URL names none."

# What is recorded in place of a mail to someone who asked for a new password.
NOTHING_SENT = "Nothing was sent: no account has this address, or it had a link minutes before."

# A message was refused or came back. Sent with `message`, in the transaction that records it.
delivery_failed = Signal()


@dataclass
class Counts:
    sent: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.failed} failed and due again later"


def deliver_due(now: datetime | None = None, *, should_stop: Callable[[], bool] = lambda: False) -> Counts:
    """Send what is due, the oldest first, over one connection, and return how many went out.

    Stops early when the mail server does not answer. Raises `django.db.Error` when the database does not.
    """
    counts = Counts()
    due = list(Message.objects.due(now or timezone.now()).values_list("pk", flat=True)[:BATCH])
    if not due:
        return counts
    connection = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        for pk in due:
            if should_stop():
                break
            # Connect before the lease begins, so that a slow greeting does not use it up.
            unreachable = _open(connection)
            attempt = _claim(pk, now or timezone.now())
            if attempt is None:
                continue
            outcome, reply = unreachable or _send(attempt.message, connection)
            if not database.is_usable():  # sending takes long enough for it to be restarted
                database.close()
            _record(attempt, outcome, reply)
            counts.sent += outcome is Outcome.SENT
            counts.failed += outcome is not Outcome.SENT
            if outcome is Outcome.UNREACHABLE:
                break
            if outcome is Outcome.FAILED:
                # The conversation may be half finished: the next mail gets a new connection.
                with suppress(OSError):
                    connection.close()
    finally:
        with suppress(OSError):
            connection.close()
    return counts


@transaction.atomic
def _claim(pk: int, now: datetime) -> DeliveryAttempt | None:
    """Return the new attempt, or `None` if another worker was first."""
    claim = uuid4().hex
    due = Message.objects.due(now).filter(pk=pk).order_by()
    if not due.update(claim=claim, claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    message = Message.objects.select_related("enquiry").get(pk=pk)
    return DeliveryAttempt.objects.create(message=message, started_at=timezone.now())


def _open(connection: BaseEmailBackend) -> Result | None:
    try:
        connection.open()
    except (OSError, UnicodeError) as error:  # UnicodeError: an impossible host name
        return Outcome.UNREACHABLE, _failure(error)[1]
    return None


def _send(message: Message, connection: BaseEmailBackend) -> Result:
    try:
        emails = emails_for(message)
        for email in emails:
            email.connection = connection
            # So that a report of undelivered mail names it even where a server has replaced the Message-ID.
            email.extra_headers["X-Clinic-Message"] = message.message_id
            if settings.RETURN_PATH:
                email.extra_headers.setdefault("From", email.from_email)
                email.from_email = return_path(message)
            email.send()
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  recorded with the attempt, and the next message must go out
        return _failure(error)
    return Outcome.SENT, getattr(connection, "last_reply", NO_SERVER) if emails else NOTHING_SENT


def return_path(message: Message) -> str:
    """Return where reports about this message go: a subaddress of its own, where the setting ends in “+” or “-”."""
    local, _at, domain = settings.RETURN_PATH.rpartition("@")
    return f"{local}{message.message_id[1:].partition('@')[0] if local[-1] in '+-' else ''}@{domain}"


def _failure(error: Exception) -> Result:
    """Return what went wrong and, by the server's code, whether trying again may help."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            replies: list[tuple[int, bytes | str]] = list(error.recipients.values())
        case smtplib.SMTPResponseException():
            replies = [(error.smtp_code, error.smtp_error)]
        case _:
            outcome = Outcome.UNREACHABLE if isinstance(error, OSError) else Outcome.FAILED
            return outcome, f"{type(error).__name__}: {error}"
    code = max(code for code, _reply in replies)
    text = "; ".join(reply_line(*reply) for reply in replies)
    if code == CLOSING:
        return Outcome.UNREACHABLE, text
    if isinstance(error, smtplib.SMTPSenderRefused) or (code >= PERMANENT and OF_US.search(text)):
        return Outcome.FAILED, text
    return Outcome.REFUSED if code >= PERMANENT else Outcome.POSTPONED, text


@transaction.atomic
def _record(attempt: DeliveryAttempt, outcome: DeliveryAttempt.Outcome, reply: str) -> None:
    message, now = attempt.message, timezone.now()
    attempt.finished_at, attempt.outcome, attempt.reply = now, outcome, reply
    attempt.save(update_fields=["finished_at", "outcome", "reply"])
    unsent = Message.objects.unsent().filter(pk=message.pk)
    if outcome is Outcome.SENT:
        # Even if another worker has claimed it meanwhile: it has been sent, and must not be sent again.
        settled = {"last_error": "", "is_refused": False, "claim": "", "claimed_until": None}
        if message.enquiry is None:
            settled |= {"content": b"", "last_error": reply if reply == NOTHING_SENT else ""}
        went_out = unsent.update(sent_at=now, **settled)
        if went_out and message.enquiry and not message.enquiry.is_canary:
            record(EventType.DELIVERED, message.enquiry.reference, detail=message.get_kind_display())
        return
    unsent.filter(claim=message.claim).update(
        last_error=reply,
        is_refused=outcome is Outcome.REFUSED,
        not_before=now + wait_after(message.attempts, outcome),
        claim="",
        claimed_until=None,
    )
    if outcome is Outcome.REFUSED:
        delivery_failed.send(Message, message=message)
    # The server's reply may contain an address, so it is not logged.
    logger.warning("Message %s not sent: %s, attempt %d.", message.pk, outcome.label, message.attempts)


def wait_after(attempts: int, outcome: DeliveryAttempt.Outcome) -> timedelta:
    waits = WAITS_UNREACHABLE if outcome is Outcome.UNREACHABLE else WAITS
    return timedelta(minutes=waits[min(attempts, len(waits)) - 1])


@transaction.atomic
def send_again(message: Message, request: HttpRequest, *, attempts: int) -> bool:
    """Let the worker send this e-mail again at once: the same words, with the same Message-ID.

    Return False where it is being sent already, or was tried again since the page showed this many `attempts`.
    """
    now = timezone.now()
    before = "came back" if message.bounced_at else "accepted" if message.sent_at else "not accepted"
    is_about_to_go = Q(sent_at=None, not_before__lte=now)
    again = Message.objects.unclaimed(now).filter(pk=message.pk, attempts=attempts).exclude(is_about_to_go)
    cleared = {"sent_at": None, "bounced_at": None, "bounce_reason": "", "last_error": "", "is_refused": False}
    # A new `created_at`: it needs attention only after another half hour.
    if not again.update(**cleared, created_at=now, not_before=now):
        return False
    detail = f"{message.get_kind_display()}; {before} before"
    record(EventType.RESENT, message.enquiry.reference if message.enquiry else "", request=request, detail=detail)
    return True
