"""One transaction stores the enquiry and its outgoing messages: both are there, or neither is."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from clinic.models import ClinicDetails
from clinic.telephone import digits_of
from contact.connection import once_more_if_lost
from contact.models import Enquiry, Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# The same words again within this time are a double click, a reload or a "back", not a second enquiry.
SAME_WITHIN = timedelta(days=1)
RACES = 5


def receive(answers: Mapping[str, Any], *, headers_missing: bool = False, now: datetime | None = None) -> Enquiry:
    """Store a checked form's answers (`EnquiryForm.cleaned_data`) and return the enquiry.

    When the same answers came within a day, nothing is stored and the earlier enquiry is returned.
    Raises `django.db.Error` when nothing could be stored.
    """
    now = now or timezone.now()
    fingerprint = fingerprint_of(answers)
    for _ in range(RACES):
        try:
            return once_more_if_lost(lambda: _store(answers, fingerprint, headers_missing, now))
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


@transaction.atomic
def _store(answers: Mapping[str, Any], fingerprint: str, headers_missing: bool, now: datetime) -> Enquiry:
    earlier = Enquiry.objects.filter(fingerprint=fingerprint).first()
    if earlier and earlier.received_at > now - SAME_WITHIN:
        return earlier
    if earlier:
        Enquiry.objects.filter(pk=earlier.pk, fingerprint=fingerprint).update(fingerprint=None)
    page = Page.objects.filter(pk=answers["about"], depth__gt=1).only("title").first() if answers["about"] else None
    enquiry = Enquiry.objects.create(
        received_at=now,
        fingerprint=fingerprint,
        about=page,
        about_title=page.title if page else "",
        honeypot_filled=bool(answers["website"]),
        headers_missing=headers_missing,
        **{field: answers[field] for field in COPIED},
    )
    Message.objects.bulk_create(_messages(enquiry, now))
    return enquiry


COPIED = ("name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message")


def _messages(enquiry: Enquiry, now: datetime) -> list[Message]:
    recipients = [(Message.Kind.STAFF_NOTIFICATION, _staff_address())]
    if enquiry.email:
        recipients.append((Message.Kind.PATIENT_RECEIPT, enquiry.email))
    return [
        Message(enquiry=enquiry, kind=kind, recipient=recipient, created_at=now, not_before=now)
        for kind, recipient in recipients
    ]


def _staff_address() -> str:
    details = ClinicDetails.objects.only("notify_email").first()
    return (details.notify_email if details else "") or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
