"""What is kept about a person, as the person gets it: the same content as a page for people and as JSON.

Who saw it stands on the page in as few lines as on “Who saw my enquiry?”, and in JSON as each single event.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import capfirst

from contact.form.forms import EnquiryForm
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

# What only the machine needs: keys, hashes and copies. Every other field of an enquiry is disclosed.
NOT_DISCLOSED = {"id", "phone_digits", "about", "revision", "sender_hash", "is_canary", "fingerprint"}
OF_AN_ENTRY = ("at", "kind", "author", "call_outcome", "text")
OF_A_MESSAGE = ("kind", "recipient", "created_at", "sent_at", "bounced_at", "bounce_reason")
OF_AN_ATTEMPT = ("started_at", "outcome", "reply")
OF_AN_EVENT = ("at", "kind", "actor_name", "detail")
# As the person reads them, where the desk's own words say too little to them.
LABELS = {
    "received_at": "Received", "phone_normalised": "Phone, as we dial it", "preferred_contact": "How to reach you",
    "best_time": "Best time", "voicemail_ok": "We may leave a voicemail", "topic": "About what",
    "about_title": "Written on the page", "message": "What you wrote", "masked": "Hidden before it was stored",
    "status": "How far it is", "assigned_to": "Who answers", "answered_at": "Answered", "closed_at": "Closed",
    "legal_hold": "Kept longer, for a legal reason", "red_flags": "Warning signs seen in it",
    "screening_score": "Points of the spam check", "screening_reasons": "What the points are for",
    "honeypot_filled": "A field that people cannot see was filled in",
    "headers_missing": "The browser did not say where it came from", "privacy_notice": "Version of the privacy notice",
    "at": "When", "kind": "What", "author": "Who", "call_outcome": "How the call went", "text": "Words",
    "recipient": "To", "created_at": "Written", "sent_at": "Accepted by the mail server", "bounced_at": "Came back",
    "bounce_reason": "Why it came back", "started_at": "Tried", "reply": "What the mail server said",
}  # fmt: skip


def enquiry_fields() -> list[str]:
    """Return the names of the fields of an enquiry that a person gets to see, their answers among them."""
    return [field.name for field in Enquiry._meta.concrete_fields if field.name not in NOT_DISCLOSED]


def as_data(enquiries: Iterable[Enquiry]) -> dict[str, Any]:
    """Return what is kept about these enquiries, as JSON can hold it: times in ISO 8601 with the offset."""
    return {
        "made_at": _plain(timezone.now()),
        "enquiries": [
            {
                **_fields(enquiry, enquiry_fields(), _raw),
                "notes_calls_and_replies": [_fields(entry, OF_AN_ENTRY, _raw) for entry in enquiry.entries.all()],
                "mail": [
                    _fields(message, OF_A_MESSAGE, _raw)
                    | {"attempts": [_fields(one, OF_AN_ATTEMPT, _raw) for one in message.delivery_attempts.all()]}
                    for message in enquiry.messages.all()
                ],
                "who_saw_or_did_what": [
                    _fields(event, OF_AN_EVENT, _raw) for event in EnquiryEvent.objects.of(enquiry.reference)
                ],
            }
            for enquiry in enquiries
        ],
    }


def in_words(enquiries: Iterable[Enquiry]) -> list[dict[str, Any]]:
    """Return the same for a page, but for who saw it: labels and words; what is empty is left out."""
    return [
        {
            "reference": enquiry.reference,
            "fields": _told(enquiry, enquiry_fields()),
            "entries": [_told(entry, OF_AN_ENTRY) for entry in enquiry.entries.all()],
            "mail": [
                _told(message, OF_A_MESSAGE)
                + [field for attempt in message.delivery_attempts.all() for field in _told(attempt, OF_AN_ATTEMPT)]
                for message in enquiry.messages.all()
            ],
        }
        for enquiry in enquiries
    ]


def _fields(row: Model, names: Iterable[str], value: Any) -> dict[str, Any]:
    return {name: value(row, name) for name in names}


def _told(row: Enquiry | Entry | Message | DeliveryAttempt, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return label and words of each field that holds something."""
    words = ((name, _worded(row, name)) for name in names)
    return [(_label(row, name), told) for name, told in words if told]


def _label(row: Model, name: str) -> str:
    asked = EnquiryForm.answer_fields().get(name) if isinstance(row, Enquiry) else None
    named = asked.label if asked else getattr(row._meta.get_field(name), "verbose_name", name)
    return LABELS.get(name) or capfirst(str(named))


def _raw(row: Model, name: str) -> Any:
    return _plain(getattr(row, name))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    return value if isinstance(value, (str, int, bool, list, type(None))) else str(value)


def _worded(row: Model, name: str) -> str:
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(value, User):
        return value.get_full_name() or value.get_username()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%-d %B %Y, %H:%M")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value is not None else ""
