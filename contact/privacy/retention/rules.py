"""What is deleted, and when: as the managers decided in `DeskSettings`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from contact.models import DeskSettings, Enquiry
from contact.models.enquiry import Status

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Rules:
    """How many days an enquiry stays after it was closed or found to be spam."""

    keep_closed_days: int
    keep_spam_days: int

    @classmethod
    def in_force(cls) -> Rules:
        desk = DeskSettings.load()
        return cls(desk.keep_closed_days, desk.keep_spam_days)

    def due(self, now: datetime) -> QuerySet[Enquiry]:
        """Return those to delete. One that is open, waits for a verdict or is on legal hold never is among them."""
        closed = Q(status=Status.CLOSED, closed_at__lte=now - timedelta(days=self.keep_closed_days))
        spam = Q(status=Status.SPAM, closed_at__lte=now - timedelta(days=self.keep_spam_days))
        return Enquiry.objects.filter(closed | spam, legal_hold=False).order_by("closed_at", "pk")

    def as_json(self) -> dict[str, int]:
        return asdict(self)
