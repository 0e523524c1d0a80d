"""Colleagues as the desk names them, and who was here a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from contact.models import EnquiryEvent
from contact.models.event import EventType
from contact.workflow.waiting import in_words

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


# `contact.workflow.updates.colleagues` by hand: on every page of the list, and Django takes ten times as long
# to write it as the database takes to answer.
WHO_MAY_ANSWER = """
    WITH allowed AS (
        SELECT permission.id
        FROM auth_permission AS permission JOIN django_content_type AS kind ON kind.id = permission.content_type_id
        WHERE kind.app_label = 'contact' AND permission.codename = 'view_enquiry'
    )
    SELECT id, username, first_name, last_name
    FROM auth_user
    WHERE is_active AND (
        is_superuser
        OR id IN (SELECT user_id FROM auth_user_user_permissions WHERE permission_id IN (SELECT id FROM allowed))
        OR id IN (
            SELECT member.user_id
            FROM auth_user_groups AS member JOIN auth_group_permissions AS may ON may.group_id = member.group_id
            WHERE may.permission_id IN (SELECT id FROM allowed)
        )
    )
    ORDER BY username
"""


def names_of_colleagues() -> dict[int, str]:
    """Return everybody who may answer enquiries, by number."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_MAY_ANSWER)
        return {number: f"{first} {last}".strip() or username for number, username, first, last in cursor.fetchall()}


def names_of(numbers: set[int]) -> dict[int, str]:
    """Return the names of these people, whoever they are now; no query where there are none."""
    return {person.pk: name_of(person) for person in User.objects.filter(pk__in=numbers)} if numbers else {}


@dataclass(frozen=True)
class Colleague:
    name: str
    ago: str


def _ago(time: timedelta) -> str:
    return f"{in_words(time)} ago" if time >= timedelta(minutes=1) else "a moment ago"


def others_here(enquiry: Enquiry, user: Any, now: datetime | None = None) -> list[Colleague]:
    """Return who else opened this enquiry within ten minutes, the last one first; one query."""
    now = now or timezone.now()
    events = EnquiryEvent.objects.filter(reference=enquiry.reference, at__gt=now - PRESENT)
    return others_among(events.select_related("actor").order_by("-at"), user, now)


def others_among(events: Iterable[EnquiryEvent], user: Any, now: datetime) -> list[Colleague]:
    """Return the same from events that are known already, the latest first."""
    last: dict[int, Colleague] = {}
    for event in events:
        is_opening = event.kind == EventType.SEEN and event.at > now - PRESENT
        if is_opening and event.actor_id is not None and event.actor_id != user.pk:
            last.setdefault(event.actor_id, Colleague(name_of(event.actor, event.actor_name), _ago(now - event.at)))
    return list(last.values())
