"""What is kept about a person, as the person gets it: the same content as a page for people and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst

from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

# All fields but those that only the machine needs: its keys, hashes and claims.
OF_AN_ENQUIRY = (
    "reference", "received_at", "name", "email", "phone", "phone_normalised", "preferred_contact", "best_time",
    "voicemail_ok", "topic", "about_title", "message", "masked", "status", "assigned_to", "due_at", "answered_at",
    "closed_at", "legal_hold", "red_flags", "screening_score", "screening_reasons", "honeypot_filled",
    "headers_missing", "privacy_notice",
)  # fmt: skip
OF_AN_ENTRY = ("at", "kind", "author", "call_outcome", "text")
OF_A_MESSAGE = ("kind", "recipient", "created_at", "sent_at", "bounced_at", "bounce_reason")
OF_AN_ATTEMPT = ("started_at", "outcome", "reply")
OF_AN_EVENT = ("at", "kind", "actor_name")


def as_data(enquiries: Iterable[Enquiry]) -> dict[str, Any]:
    """Return what is kept about these enquiries, as JSON can hold it: times in ISO 8601 with the offset."""
    return {
        "made_at": _plain(timezone.now()),
        "enquiries": [
            {
                **_fields(enquiry, OF_AN_ENQUIRY, _raw),
                "notes_calls_and_replies": [_fields(entry, OF_AN_ENTRY, _raw) for entry in enquiry.entries.all()],
                "mail": [
                    _fields(message, OF_A_MESSAGE, _raw)
                    | {"attempts": [_fields(one, OF_AN_ATTEMPT, _raw) for one in message.delivery_attempts.all()]}
                    for message in enquiry.messages.all()
                ],
                "who_saw_or_did_what": [_fields(event, OF_AN_EVENT, _raw) for event in _events(enquiry)],
            }
            for enquiry in enquiries
        ],
    }


def in_words(enquiries: Iterable[Enquiry]) -> list[dict[str, Any]]:
    """Return the same for a page: labels and words; what is empty is left out."""
    return [
        {
            "reference": enquiry.reference,
            "fields": _told(enquiry, OF_AN_ENQUIRY),
            "entries": [_told(entry, OF_AN_ENTRY) for entry in enquiry.entries.all()],
            "mail": [
                _told(message, OF_A_MESSAGE)
                + [field for attempt in message.delivery_attempts.all() for field in _told(attempt, OF_AN_ATTEMPT)]
                for message in enquiry.messages.all()
            ],
            "events": [dict(_fields(event, OF_AN_EVENT, _worded)) for event in _events(enquiry)],
        }
        for enquiry in enquiries
    ]


def _events(enquiry: Enquiry) -> Iterable[EnquiryEvent]:
    return EnquiryEvent.objects.of(enquiry.reference)


def _fields(row: Model, names: Iterable[str], value: Any) -> dict[str, Any]:
    return {name: value(row, name) for name in names}


def _told(row: Enquiry | Entry | Message | DeliveryAttempt, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return label and words of each field that holds something."""
    words = ((name, _worded(row, name)) for name in names)
    return [(_label(row, name), told) for name, told in words if told]


def _label(row: Model, name: str) -> str:
    return capfirst(str(getattr(row._meta.get_field(name), "verbose_name", name)))


def _raw(row: Model, name: str) -> Any:
    return _plain(getattr(row, name))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    return value if isinstance(value, (str, int, bool, list, type(None))) else str(value)


def _worded(row: Model, name: str) -> str:
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%-d %B %Y, %H:%M")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if value is not None else ""
