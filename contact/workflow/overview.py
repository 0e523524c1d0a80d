"""What needs somebody at the desk now."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from contact.models import Enquiry
from contact.models.enquiry import WAITING
from contact.models.message import PATIENCE

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser, User


@dataclass(frozen=True)
class Overview:
    """How many enquiries wait, and of which kinds; `hanging`: those whose mail does not arrive."""

    waiting: int = 0
    overdue: int = 0
    mine: int = 0
    unassigned: int = 0
    flagged: int = 0
    suspected: int = 0
    hanging: frozenset[int] = frozenset()

    @property
    def undelivered(self) -> int:
        return len(self.hanging)

    @property
    def is_calm(self) -> bool:
        """Whether there is nothing for anybody to do."""
        return not (self.waiting or self.suspected or self.undelivered or self.flagged)


# Written by hand: these two stand on every page of the list, and Django takes ten times as long to write them as the
# database takes to answer. Both databases read them; they touch nothing of what is done.
COUNTS = """
    SELECT count(*) FILTER (WHERE waits),
           count(*) FILTER (WHERE waits AND due_at < %s),
           count(*) FILTER (WHERE waits AND assigned_to_id = %s),
           count(*) FILTER (WHERE waits AND assigned_to_id IS NULL),
           count(*) FILTER (WHERE red_flags <> '[]'),
           count(*) FILTER (WHERE NOT waits)
    FROM (
        SELECT status <> 'suspected_spam' AS waits, due_at, assigned_to_id, red_flags
        FROM contact_enquiry
        WHERE status IN ('new', 'in_progress', 'suspected_spam') AND NOT is_canary
    ) AS undecided
"""
UNDELIVERED = """
    SELECT enquiry.id
    FROM contact_enquiry AS enquiry JOIN contact_message AS message ON message.enquiry_id = enquiry.id
    WHERE enquiry.status IN ('new', 'in_progress') AND NOT enquiry.is_canary AND (
        message.bounced_at IS NOT NULL
        OR message.sent_at IS NULL AND (message.is_refused OR message.created_at <= %s)
    )
"""


@dataclass(frozen=True)
class Desk:
    """The desk as one person finds it at one moment; each part is read once, when it is first asked for."""

    user: User | AnonymousUser
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def hanging(self) -> frozenset[int]:
        return undelivered(self.now)

    @cached_property
    def overview(self) -> Overview:
        """What waits; a warning sign counts as one, also where the rest looks like spam."""
        ((waiting, overdue, mine, unassigned, flagged, suspected),) = _rows(COUNTS, self.now, self.user.pk)
        return Overview(waiting, overdue, mine, unassigned, flagged, suspected, self.hanging)


def overview(user: User | AnonymousUser, now: datetime | None = None) -> Overview:
    """Return what waits for this person, now unless another moment is given."""
    return Desk(user, now or timezone.now()).overview


def undelivered(now: datetime) -> frozenset[int]:
    """Return the enquiries that wait while mail about them does not go out or came back: somebody has to phone.

    Whoever has phoned marks them as answered, and nothing is left to do. Read from those that wait, not from the
    outbox, which holds years.
    """
    return frozenset(number for (number,) in _rows(UNDELIVERED, now - PATIENCE))


def _rows(sql: str, moment: datetime, *parameters: int | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datetimefield_value(moment), *parameters])
        return cursor.fetchall()


def first_of_those_who_wait() -> datetime | None:
    """Return when the one came that has waited longest."""
    # Not asked for in order: PostgreSQL would begin with the oldest of all, and pass years of those that are closed.
    waiting = Enquiry.objects.filter(status__in=WAITING).order_by()
    return min(waiting.values_list("received_at", flat=True), default=None)
