"""One transaction stores the enquiry and its outgoing messages: both are there, or neither is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from clinic.backends.connection import retry_on_lost_connection
from clinic.lib.logs import log_failure
from clinic.lib.telephone import digits_of, normalised
from contact.intake import canary, promise
from contact.models import Enquiry, Message
from contact.models.activity import record
from contact.models.addresses import proof_address, staff_address
from contact.models.enquiry import Status
from contact.models.event import EventType
from contact.models.message import MessageType
from contact.privacy_notice import versions
from contact.screening import Arrival, Judgement, judge, masked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# The same words again within this time are a double click, a reload or a "back", not a second enquiry.
SAME_WITHIN = timedelta(days=1)
RACES = 5
UNKNOWN = Arrival()


# What an enquiry tells whom when it comes; a canary tells nobody but the prober.
FIRST_KINDS = (MessageType.STAFF_NOTIFICATION, MessageType.PATIENT_RECEIPT, MessageType.CANARY)


def receive(answers: Mapping[str, Any], arrival: Arrival = UNKNOWN, *, now: datetime | None = None) -> Enquiry:
    """Store a checked form's answers (`EnquiryForm.cleaned_data`) and return the enquiry.

    When the same answers came within a day, nothing is stored and the earlier enquiry is returned.
    Raises `django.db.Error` when nothing could be stored.
    """
    now = now or timezone.now()
    message, hidden = masked(answers["message"])
    answers = {**answers, "message": message}
    fields = {
        **{field: answers[field] for field in COPIED},
        **_judged(answers, arrival, now),
        "phone_normalised": normalised(answers["phone"]),
        "masked": [kind.value for kind in hidden],
        "fingerprint": fingerprint_of(answers),
        "received_at": now,
        "due_at": _due(now),
        "privacy_notice": versions.of_form(answers.get("notice", "")),
    }
    for _ in range(RACES):
        try:
            return retry_on_lost_connection(lambda: _store(fields, answers["about"], arrival.canary))
        except IntegrityError:
            # The same form came a moment earlier by another process, or (once in 148 million) the reference
            # is taken: look again.
            continue
    raise DatabaseError("The enquiry lost every race against others with the same words.")


def can_receive() -> bool:
    """Say whether the database answers, before somebody writes for it in vain."""
    try:
        retry_on_lost_connection(Enquiry.objects.exists)
    except DatabaseError:
        return False
    return True


def fingerprint_of(answers: Mapping[str, Any]) -> str:
    """Return a keyed hash of what was asked, by whom; how it was typed does not matter."""
    words = (
        answers["name"].casefold(),
        answers["email"].casefold(),
        digits_of(answers["phone"]),
        answers["preferred_contact"],
        answers["best_time"],
        str(answers["voicemail_ok"]),
        answers["topic"],
        str(answers["about"] or ""),
        " ".join(answers["message"].split()),
    )
    return salted_hmac("contact.fingerprint", "\0".join(words), algorithm="sha256").hexdigest()


def _due(received: datetime) -> datetime | None:
    """Return when an answer is due, or None if that fails: `contact.workflow.escalation` sets it later."""
    try:
        return retry_on_lost_connection(lambda: promise.plan().due(received))
    except Exception as error:  # noqa: BLE001  whatever it is, the enquiry is stored; it is logged
        log_failure("The day to answer by could not be reckoned", error)
        return None


def _judged(answers: Mapping[str, Any], arrival: Arrival, now: datetime) -> dict[str, Any]:
    """Return what screening found out, as the enquiry's fields. No enquiry is lost over it: then it is not judged.

    Raises `django.db.Error` when there is no database at all: whoever sent it is told so at once.
    """
    try:
        judgement = retry_on_lost_connection(lambda: judge(answers, arrival, now))
    except Exception as error:
        log_failure("An enquiry could not be judged", error)
        if not connection.is_usable():
            raise
        judgement = Judgement()
    return {
        "status": Status.SUSPECTED_SPAM if judgement.is_suspected else Status.NEW,
        "screening_score": judgement.score,
        "screening_reasons": list(judgement.reasons),
        "red_flags": list(arrival.red_flags),
        "sender_hash": arrival.sender_hash,
        "headers_missing": arrival.headers_missing,
        "honeypot_filled": bool(answers["website"]),
    }


@transaction.atomic
def _store(fields: Mapping[str, Any], about: int | None, canary_sign: str) -> Enquiry:
    fingerprint, now = fields["fingerprint"], fields["received_at"]
    earlier = Enquiry.everything.filter(fingerprint=fingerprint).first()
    if earlier and earlier.received_at > now - SAME_WITHIN:
        return earlier
    if earlier:
        Enquiry.everything.filter(pk=earlier.pk, fingerprint=fingerprint).update(fingerprint=None)
    page = Page.objects.filter(pk=about, depth__gt=1).only("title").first() if about else None
    enquiry = Enquiry(about=page, about_title=page.title if page else "", **fields)
    if canary.take(canary_sign):
        enquiry.is_canary, enquiry.status, enquiry.sender_hash = True, Status.NEW, ""
    enquiry.save(force_insert=True)
    if not enquiry.is_canary:
        record(EventType.RECEIVED, enquiry.reference, detail=_in_brief(enquiry))
    if enquiry.status != Status.SUSPECTED_SPAM:
        _queue_messages(enquiry, now)
    return enquiry


COPIED = ("name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message")


def is_mail_held(enquiry: Enquiry) -> bool:
    """Say whether nobody has been told of the enquiry, as it looked like spam when it came."""
    return not enquiry.messages.filter(kind__in=FIRST_KINDS).exists()


def make_held_messages(enquiry: Enquiry, now: datetime | None = None) -> None:
    """Make the messages that were held back while the enquiry was suspected of being spam; once, however often asked.

    To be called in the transaction that holds the enquiry's row (`contact.workflow.updates.update_enquiry` does).
    """
    if is_mail_held(enquiry):
        _queue_messages(enquiry, now or timezone.now())


def _in_brief(enquiry: Enquiry) -> str:
    """Return what the event keeps for good: nothing of what the patient wrote."""
    if enquiry.status == Status.SUSPECTED_SPAM:
        return "suspected spam"
    return "with warning signs" if enquiry.red_flags else ""


def _queue_messages(enquiry: Enquiry, now: datetime) -> None:
    if enquiry.is_canary:
        recipients = [(MessageType.CANARY, proof_address())]
    else:
        recipients = [(MessageType.STAFF_NOTIFICATION, staff_address())]
        if enquiry.email:
            recipients.append((MessageType.PATIENT_RECEIPT, enquiry.email))
    for kind, recipient in recipients:
        Message.objects.create(enquiry=enquiry, kind=kind, recipient=recipient, created_at=now, not_before=now)
