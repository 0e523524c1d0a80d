"""What is kept of enquiries that are deleted: counts for the pictures, for as long as those show them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from contact.intake import promise
from contact.models import Enquiry, Tally
from contact.statistics.counting import OVERDUE, UNANSWERED, WAITING_STILL, count, weeks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# A month more than is shown, as the first month and the first week of a picture begin before the other.
KEPT = timedelta(days=35)


def remember(deleted: Iterable[int], now: datetime | None = None) -> None:
    """Add enquiries that the caller deletes in the same transaction to the tallies, and drop what is too old."""
    now = now or timezone.now()
    counted = count(Enquiry.objects.filter(pk__in=list(deleted)), promise.plan().hours, now)
    oldest = weeks(timezone.localdate(now))[0] - KEPT
    Tally.objects.filter(period__lt=oldest).delete()
    # In one order, so that two who delete at once wait for each other and not both for ever.
    for (kind, period, label), number in sorted(counted.items()):
        if period >= oldest:
            # Who was erased while they waited does not wait for ever.
            lasting = UNANSWERED if label in {OVERDUE, WAITING_STILL} else label
            tally, _ = Tally.objects.get_or_create(kind=kind, period=period, label=lasting)
            Tally.objects.filter(pk=tally.pk).update(count=F("count") + number)
