"""Colleagues as the desk names them, and who was here a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.utils import timezone

from contact.models import EnquiryEvent
from contact.waiting import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from contact.models import Enquiry

# Whoever opened an enquiry within this time may still be at it.
PRESENT = timedelta(minutes=10)


def name_of(person: Any, otherwise: str = "") -> str:
    """Return the person's full name, or else what they sign in with; `otherwise` where the account is gone."""
    if not isinstance(person, User):
        return otherwise
    return person.get_full_name() or person.get_username()


@dataclass(frozen=True)
class Colleague:
    name: str
    ago: str


def others_here(enquiry: Enquiry, user: Any, now: datetime | None = None) -> list[Colleague]:
    """Return who else opened this enquiry within ten minutes, the last one first; one query."""
    now = now or timezone.now()
    events = EnquiryEvent.objects.filter(reference=enquiry.reference, at__gt=now - PRESENT)
    return others_among(events.select_related("actor").order_by("-at"), user, now)


def others_among(events: Iterable[EnquiryEvent], user: Any, now: datetime) -> list[Colleague]:
    """Return the same from events that are known already, the latest first."""
    last: dict[int, Colleague] = {}
    for event in events:
        is_opening = event.kind == EnquiryEvent.Kind.SEEN and event.at > now - PRESENT
        if is_opening and event.actor_id is not None and event.actor_id != user.pk:
            last.setdefault(event.actor_id, Colleague(name_of(event.actor, event.actor_name), in_words(now - event.at)))
    return list(last.values())
