"""The desk's queues: which enquiries are in each, and how many; its front page; and what else a person has sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from clinic.lib.http import parse_pk
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
# Enquiries with one of these in common are of the same person.
SAME_PERSON = ("mailbox", "phone_normalised", "heard_phone")


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


def same_person(enquiry: Enquiry) -> QuerySet[Enquiry]:
    """Return the other enquiries of the same mailbox or phone number, while they are stored."""
    return _sent_by([enquiry]).exclude(pk=enquiry.pk)


def mark_known(enquiries: Iterable[Enquiry]) -> None:
    """Say in `wrote_before` of each what else its sender sent, such as “also wrote on Nov 3: Answered”; one query."""
    shown = list(enquiries)
    by_key: dict[Any, set[tuple[Any, ...]]] = defaultdict(set)
    for at, pk, status, *keys in _sent_by(shown).order_by().values_list("received_at", "pk", "status", *SAME_PERSON):
        for key in keys:
            by_key[key].add((at, pk, status))
    for one in shown:
        others = {sent for name in SAME_PERSON for sent in by_key[getattr(one, name) or None] if sent[1] != one.pk}
        if others:
            at, _pk, status = max(others)
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            one.wrote_before = f"also wrote on {timezone.localtime(at):%b %-d}: {Status(status).label}{more}"


def _sent_by(enquiries: Iterable[Enquiry]) -> QuerySet[Enquiry]:
    mailboxes = {one.mailbox for one in enquiries} - {""}
    numbers = {number for one in enquiries for number in (one.phone_normalised, one.heard_phone)} - {""}
    same = Q(mailbox__in=mailboxes) | Q(phone_normalised__in=numbers) | Q(heard_phone__in=numbers)
    return Enquiry.objects.filter(same).exclude(status=Status.SPAM)


def answered_together(enquiry: Enquiry, keys: Iterable[str]) -> QuerySet[Enquiry]:
    """Return those of them with these keys that are still to be answered."""
    return same_person(enquiry).filter(status__in=UNDECIDED, pk__in=[pk for pk in map(parse_pk, keys) if pk])
