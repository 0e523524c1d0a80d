"""What needs somebody at the desk now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from contact.models import Enquiry, Message, ProofRun
from contact.models.enquiry import WAITING, Status
from contact.models.message import PATIENCE

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser, User


@dataclass(frozen=True)
class Overview:
    """How many enquiries wait, and of which kinds.

    `first`: when the one came that has waited longest; `hanging`: those whose mail does not arrive.
    """

    waiting: int = 0
    overdue: int = 0
    mine: int = 0
    unassigned: int = 0
    flagged: int = 0
    suspected: int = 0
    hanging: frozenset[int] = frozenset()
    first: datetime | None = None

    @property
    def undelivered(self) -> int:
        return len(self.hanging)

    @property
    def is_calm(self) -> bool:
        """Whether there is nothing for anybody to do."""
        return not (self.waiting or self.suspected or self.undelivered or self.flagged)


def overview(user: User | AnonymousUser, now: datetime | None = None) -> Overview:
    """Return what waits, by two queries that read nothing of those that are done."""
    now = now or timezone.now()
    waits, suspected = Q(status__in=WAITING), Q(status=Status.SUSPECTED_SPAM)
    counts = Enquiry.objects.filter(status__in=(*WAITING, Status.SUSPECTED_SPAM)).aggregate(
        waiting=Count("pk", filter=waits),
        overdue=Count("pk", filter=waits & Q(due_at__lt=now)),
        mine=Count("pk", filter=waits & Q(assigned_to=user)),
        unassigned=Count("pk", filter=waits & Q(assigned_to=None)),
        # A warning sign is one, also where the rest looks like spam.
        flagged=Count("pk", filter=~Q(red_flags=[])),
        suspected=Count("pk", filter=suspected),
        first=Min("received_at", filter=waits),
    )
    return Overview(**counts, hanging=undelivered(now))


def undelivered(now: datetime) -> frozenset[int]:
    """Return the enquiries that wait while mail about them does not go out or came back: somebody has to phone.

    Whoever has phoned marks them as answered, and nothing is left to do. Read from those that wait, not from the
    outbox, which holds years.
    """
    late = Q(sent_at=None) & (Q(is_refused=True) | Q(created_at__lte=now - PATIENCE))
    mail = Message.objects.filter(
        late | Q(bounced_at__isnull=False), enquiry__status__in=WAITING, enquiry__is_canary=False
    )
    return frozenset(mail.order_by().values_list("enquiry", flat=True))


@dataclass(frozen=True)
class Proof:
    """The last time that the form was tried from the public address; `at` is empty when it never was."""

    at: datetime | None = None
    is_proven: bool = False


def last_proof() -> Proof:
    run = ProofRun.objects.exclude(finished_at=None).only("finished_at", "is_proven").first()
    return Proof(run.finished_at, run.is_proven) if run else Proof()
