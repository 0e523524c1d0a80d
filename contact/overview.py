"""What needs somebody at the desk now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from contact.models import Enquiry, Message, ProofRun
from contact.models.enquiry import WAITING, Status

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

# Further nobody counts: "1000" then means "more than anybody works off by looking".
MOST_COUNTED = 1000


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


def overview(user: User, now: datetime | None = None) -> Overview:
    """Return what waits, by four queries that read nothing of those that are done."""
    now = now or timezone.now()
    suspected = Enquiry.objects.filter(status=Status.SUSPECTED_SPAM).values_list("red_flags", flat=True)
    trayed = list(suspected[:MOST_COUNTED])
    waiting = Enquiry.objects.filter(status__in=WAITING).aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        mine=Count("pk", filter=Q(assigned_to=user)),
        unassigned=Count("pk", filter=Q(assigned_to=None)),
        flagged=Count("pk", filter=~Q(red_flags=[])),
        first=Min("received_at"),
    )
    # A warning sign is one, also where the rest looks like spam.
    waiting["flagged"] += sum(map(bool, trayed))
    return Overview(
        **waiting,
        suspected=len(trayed),
        hanging=frozenset(undelivered(now)),
    )


def undelivered(now: datetime) -> set[int]:
    """Return the enquiries that wait while mail about them does not go out or came back: somebody has to phone.

    Whoever has phoned marks them as answered, and nothing is left to do. Two queries, for two short indexes: an "or"
    of both would read the whole outbox.
    """
    mail = Message.objects.needing_attention(now).filter(enquiry__status__in=WAITING, enquiry__is_canary=False)
    ways = (mail.filter(sent_at=None), mail.filter(bounced_at__isnull=False))
    return {enquiry for way in ways for enquiry in way.order_by().values_list("enquiry", flat=True)[:MOST_COUNTED]}


@dataclass(frozen=True)
class Proof:
    """The last time that the form was tried from the public address; `at` is empty when it never was."""

    at: datetime | None = None
    is_proven: bool = False


def last_proof() -> Proof:
    run = ProofRun.objects.exclude(finished_at=None).only("finished_at", "is_proven").first()
    return Proof(run.finished_at, run.is_proven) if run else Proof()
