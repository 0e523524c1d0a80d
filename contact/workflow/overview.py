"""The desk's queues: which enquiries are in each, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from contact.models import Enquiry, Message
from contact.models.enquiry import UNDECIDED, URGENT, WAITING, Status
from contact.models.message import PATIENCE

COUNTED = ("waiting", "follow_up", "later", "overdue", "mine", "unassigned", "flagged", "undelivered", "suspected")


def queues(user: User | AnonymousUser, now: datetime) -> dict[str, Q]:
    """Return the condition for each queue; a warning sign counts even where the rest looks like spam."""
    waiting = Q(status__in=WAITING) & ~postponed(now)
    return {
        "waiting": waiting,
        "follow_up": waiting & Q(follow_up_at__lte=now),
        "later": Q(status__in=WAITING) & postponed(now),
        "overdue": waiting & Q(due_at__lt=now),
        "mine": waiting & Q(assigned_to=user.pk),
        "unassigned": waiting & (Q(assigned_to=None) | Q(assigned_to__is_active=False)),
        "flagged": Q(status__in=UNDECIDED) & URGENT,
        "undelivered": waiting & undelivered(now),
        "suspected": Q(status=Status.SUSPECTED_SPAM),
        "answered": Q(status=Status.ANSWERED),
        "closed": Q(status=Status.CLOSED),
        "spam": Q(status=Status.SPAM),
        "all": Q(),
    }


def postponed(now: datetime) -> Q:
    """Return the condition that there is nothing to do before a chosen time, or before the patient replies."""
    return Q(follow_up_at__gt=now) | Q(waiting_for_patient=True)


def undelivered(now: datetime) -> Q:
    """Return the condition that mail about an enquiry came back, was refused, or has not gone out for too long."""
    late = Q(sent_at=None) & (Q(is_refused=True) | Q(created_at__lte=now - PATIENCE))
    return Q(Exists(Message.objects.filter(late | Q(bounced_at__isnull=False), enquiry=OuterRef("pk"))))


@dataclass(frozen=True)
class Overview:
    """How many enquiries are in each queue."""

    waiting: int
    follow_up: int
    later: int
    overdue: int
    mine: int
    unassigned: int
    flagged: int
    undelivered: int
    suspected: int

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.suspected or self.undelivered or self.flagged)


def overview(user: User | AnonymousUser, now: datetime | None = None) -> Overview:
    """Return the counts for this person's desk, with one query over the enquiries that are undecided."""
    conditions = queues(user, now or timezone.now())
    undecided = Enquiry.objects.filter(status__in=UNDECIDED)
    counts = {name: Count("pk", filter=conditions[name]) for name in COUNTED}
    return Overview(**undecided.aggregate(**counts))
