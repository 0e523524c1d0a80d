"""The desk's queues: which enquiries are in each, and how many there are; and its front page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, Message
from contact.models.enquiry import UNDECIDED, URGENT, WAITING, Status

# With a warning sign first, then those to try again now, then those that have waited longest.
LONGEST_FIRST = (
    Case(When(URGENT, then=Value(0)), default=Value(1)),
    F("follow_up_at").asc(nulls_last=True),
    "received_at",
    "pk",
)
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
    return Q(Exists(Message.objects.undelivered(now).filter(enquiry=OuterRef("pk"))))


def overview(user: User | AnonymousUser, now: datetime | None = None, names: Sequence[str] = COUNTED) -> dict[str, int]:
    """Return how many enquiries are in each of this person's queues, with one query over those that are undecided.

    Counted here: Django takes twice as long to put so many conditional counts into one query.
    """
    conditions = queues(user, now or timezone.now())
    undecided = Enquiry.objects.filter(status__in=UNDECIDED).annotate(**{name: conditions[name] for name in names})
    rows = list(undecided.order_by().values_list(*names))
    return {name: sum(bool(row[place]) for row in rows) for place, name in enumerate(names)}


def dashboard(user: User, now: datetime) -> dict[str, Any]:
    """Return the counts of the queues, the key of the first enquiry, and whether this person should set up alarms."""
    waiting = Enquiry.objects.filter(status__in=WAITING).exclude(postponed(now))
    desk = DeskSettings.load()
    return {
        "counts": overview(user, now),
        "first": waiting.order_by(*LONGEST_FIRST).values_list("pk", flat=True).first(),
        "lacks_alarms": user.has_perm("contact.change_desksettings") and not (desk.alarm_email or desk.alarm_webhook),
    }
