"""One transaction stores the enquiry and its outgoing messages: both are there, or neither is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from clinic.telephone import digits_of
from contact import promise
from contact.addresses import proof_address, staff_address
from contact.connection import once_more_if_lost
from contact.models import Enquiry, Message
from contact.proof import canary
from contact.showing import log_failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# The same words again within this time are a double click, a reload or a "back", not a second enquiry.
SAME_WITHIN = timedelta(days=1)
RACES = 5


@dataclass(frozen=True)
class Arrival:
    """How an enquiry came, apart from what was answered. `canary`: the sign that the site sent it itself, if any."""

    headers_missing: bool = False
    canary: str = ""


def receive(answers: Mapping[str, Any], arrival: Arrival = Arrival(), *, now: datetime | None = None) -> Enquiry:
    """Store a checked form's answers (`EnquiryForm.cleaned_data`) and return the enquiry.

    When the same answers came within a day, nothing is stored and the earlier enquiry is returned.
    Raises `django.db.Error` when nothing could be stored.
    """
    now = now or timezone.now()
    fingerprint = fingerprint_of(answers)
    due = _due(now)
    for _ in range(RACES):
        try:
            return once_more_if_lost(lambda: _store(answers, arrival, fingerprint, now, due))
        except IntegrityError:
            # The same form came a moment earlier by another process, or (once in 148 million) the reference
            # is taken: look again.
            continue
    raise DatabaseError("The enquiry lost every race against others with the same words.")


def can_receive() -> bool:
    """Say whether the database answers, before somebody writes for it in vain."""
    try:
        once_more_if_lost(Enquiry.objects.exists)
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
    """Return by when to answer. No enquiry is lost over it: what has no day gets one from `contact.escalation`."""
    try:
        return once_more_if_lost(lambda: promise.plan().due(received))
    except Exception as error:  # noqa: BLE001  whatever it is, the enquiry is stored; it is logged
        log_failure("The day to answer by could not be reckoned", error)
        return None


@transaction.atomic
def _store(
    answers: Mapping[str, Any], arrival: Arrival, fingerprint: str, now: datetime, due: datetime | None
) -> Enquiry:
    earlier = Enquiry.objects.filter(fingerprint=fingerprint).first()
    if earlier and earlier.received_at > now - SAME_WITHIN:
        return earlier
    if earlier:
        Enquiry.objects.filter(pk=earlier.pk, fingerprint=fingerprint).update(fingerprint=None)
    page = Page.objects.filter(pk=answers["about"], depth__gt=1).only("title").first() if answers["about"] else None
    enquiry = Enquiry.objects.create(
        received_at=now,
        due_at=due,
        fingerprint=fingerprint,
        about=page,
        about_title=page.title if page else "",
        honeypot_filled=bool(answers["website"]),
        headers_missing=arrival.headers_missing,
        is_canary=canary.take(arrival.canary),
        **{field: answers[field] for field in COPIED},
    )
    Message.objects.bulk_create(_messages(enquiry, now))
    return enquiry


COPIED = ("name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message")


def _messages(enquiry: Enquiry, now: datetime) -> list[Message]:
    if enquiry.is_canary:
        recipients = [(Message.Kind.CANARY, proof_address())]
    else:
        recipients = [(Message.Kind.STAFF_NOTIFICATION, staff_address())]
    if enquiry.email and not enquiry.is_canary:
        recipients.append((Message.Kind.PATIENT_RECEIPT, enquiry.email))
    return [
        Message(enquiry=enquiry, kind=kind, recipient=recipient, created_at=now, not_before=now)
        for kind, recipient in recipients
    ]
