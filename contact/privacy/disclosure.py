"""What a person receives who asks for their data: the same content as a page to read and as JSON.

The page sums up who opened an enquiry (`contact/workflow/activity_log.py`); the JSON has each event.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from contact.form.forms import EnquiryForm
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

# Keys, hashes and copies that only the software needs. Every other field of an enquiry is disclosed.
NOT_DISCLOSED = {
    "id",
    "phone_digits",
    "search_text",
    "about",
    "revision",
    "sender_hash",
    "network_hash",
    "is_canary",
    "fingerprint",
}
ENTRY_FIELDS = ("at", "kind", "author", "call_outcome", "text")
MESSAGE_FIELDS = ("kind", "recipient", "created_at", "sent_at", "bounced_at", "bounce_reason")
ATTEMPT_FIELDS = ("started_at", "outcome", "reply")
EVENT_FIELDS = ("at", "kind", "actor_name", "detail")
# Where the label in the form or the admin is not what this person should read.
LABELS = {
    "received_at": "Received", "name": "Name", "phone_normalised": "Phone, as we dial it",
    "preferred_contact": "Answer by", "best_time": "Best time to reach you", "topic": "Subject",
    "about_title": "Sent from the page", "message": "Message", "masked": "Removed before it was stored",
    "answered_at": "Answered", "closed_at": "Closed", "legal_hold": "Kept longer for a legal reason",
    "red_flags": "Warning signs noticed in the message", "screening_score": "Spam score",
    "screening_reasons": "Reasons for the spam score", "honeypot_filled": "A hidden field was filled in",
    "is_receipt_held": "The receipt was held until someone had looked", "marked_spam": "Marked as spam",
    "headers_missing": "The browser did not say which page the form was on",
    "privacy_notice": "Version of the privacy notice", "at": "When", "kind": "Type", "author": "Written by",
    "call_outcome": "Outcome of the call", "recipient": "To", "created_at": "Written",
    "sent_at": "Accepted by the mail server", "bounced_at": "Returned", "bounce_reason": "Reason for the return",
    "started_at": "Delivery attempt", "outcome": "Result", "reply": "Reply of the mail server",
}  # fmt: skip


def enquiry_fields() -> list[str]:
    """Return the names of the disclosed fields of an enquiry, a field that was added to the form among them."""
    return [field.name for field in Enquiry._meta.concrete_fields if field.name not in NOT_DISCLOSED]


def as_data(enquiries: Iterable[Enquiry]) -> dict[str, Any]:
    """Return everything about these enquiries, ready for JSON; times are ISO 8601 with an offset."""
    return {
        "made_at": _plain(timezone.now()),
        "enquiries": [
            _values(enquiry, enquiry_fields())
            | {
                "notes_calls_and_replies": [_values(entry, ENTRY_FIELDS) for entry in enquiry.entries.all()],
                "mail": [
                    _values(message, MESSAGE_FIELDS)
                    | {"attempts": [_values(one, ATTEMPT_FIELDS) for one in message.delivery_attempts.all()]}
                    for message in enquiry.messages.all()
                ],
                "activity": [_values(event, EVENT_FIELDS) for event in EnquiryEvent.objects.of(enquiry.reference)],
            }
            for enquiry in enquiries
        ],
    }


def in_words(enquiries: Iterable[Enquiry]) -> list[dict[str, Any]]:
    """Return the same for the page, without the activity: label and words of each field that is not empty."""
    return [
        {
            "reference": enquiry.reference,
            "fields": _labelled(enquiry, enquiry_fields()),
            "entries": [_labelled(entry, ENTRY_FIELDS) for entry in enquiry.entries.all()],
            "mail": [
                _labelled(message, MESSAGE_FIELDS)
                + [pair for attempt in message.delivery_attempts.all() for pair in _labelled(attempt, ATTEMPT_FIELDS)]
                for message in enquiry.messages.all()
            ],
        }
        for enquiry in enquiries
    ]


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _labelled(row: Enquiry | Entry | Message | DeliveryAttempt, names: Iterable[str]) -> list[tuple[str, str]]:
    pairs = [(_label(row, name), _in_words(row, name)) for name in names]
    return [(label, words) for label, words in pairs if words]


def _label(row: Model, name: str) -> str:
    asked = EnquiryForm.answer_fields().get(name) if isinstance(row, Enquiry) else None
    label = asked.label if asked else getattr(row._meta.get_field(name), "verbose_name", name)
    return LABELS.get(name) or capfirst(str(label))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    return value if isinstance(value, (str, int, bool, list, type(None))) else str(value)


def _in_words(row: Model, name: str) -> str:
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(value, User):
        return value.get_full_name() or value.get_username()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value is not None else ""
