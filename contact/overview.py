"""What needs somebody at the desk now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from contact.models import Enquiry, Message
from contact.models.enquiry import WAITING
from contact.waiting import in_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Overview:
    """Numbers of enquiries that wait, of those mine and nobody's, and of mails that do not get through."""

    waiting: int
    longest: str
    mine: int
    unassigned: int
    undelivered: int


def overview(user: User, now: datetime | None = None) -> Overview:
    """Return what waits, by two queries; `longest` is how long the first has waited, in words."""
    now = now or timezone.now()
    waiting = Enquiry.objects.filter(status__in=WAITING).aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=Q(assigned_to=user)),
        unassigned=Count("pk", filter=Q(assigned_to=None)),
        first=Min("received_at"),
    )
    return Overview(
        waiting=waiting["all"],
        longest=in_words(now - waiting["first"]) if waiting["first"] else "",
        mine=waiting["mine"],
        unassigned=waiting["unassigned"],
        undelivered=Message.objects.needing_attention(now).count(),
    )
