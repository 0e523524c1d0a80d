"""The enquiries of the last twelve months, and the tallies of those that were deleted since."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import TYPE_CHECKING

from django.utils import timezone

from contact.intake import promise
from contact.intake.promise import local
from contact.models import Enquiry, Tally
from contact.models.enquiry import Status
from contact.models.tally import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

MONTHS = 12
HALF_HOUR = timedelta(minutes=30)


def last_months(now: datetime) -> list[date]:
    """Return the first days of the last twelve months, the current month last."""
    today = local(now).date()
    number = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - MONTHS + 1, number + 1)]


def twelve_months(now: datetime) -> list[Tally]:
    """Return one tally for each enquiry, deleted or not, without spam."""
    first = last_months(now)[0]
    start = datetime.combine(first, datetime.min.time(), timezone.get_default_timezone())
    present = Enquiry.objects.filter(received_at__gte=start)
    return [*_tallies(present, now), *Tally.objects.filter(month__gte=first)]


def keep_tallies(keys: Iterable[int], now: datetime | None = None) -> None:
    """Store tallies of the enquiries with these keys, which the caller's transaction deletes; drop old tallies."""
    now = now or timezone.now()
    first = last_months(now)[0]
    Tally.objects.filter(month__lt=first).delete()
    tallies = [tally for tally in _tallies(Enquiry.objects.filter(pk__in=list(keys)), now) if tally.month >= first]
    for tally in tallies:
        # An enquiry that is erased while it waits is never answered.
        if tally.outcome in {Outcome.OVERDUE, Outcome.NOT_DUE}:
            tally.outcome = Outcome.UNANSWERED
    Tally.objects.bulk_create(tallies)


def _tallies(enquiries: QuerySet[Enquiry], now: datetime) -> list[Tally]:
    hours = promise.reply_policy().hours
    tallies = []
    for enquiry in enquiries.exclude(status__in=(Status.SPAM, Status.SUSPECTED_SPAM)):
        received, answered = local(enquiry.received_at), enquiry.answered_at
        staffed = hours.stretches(received.date())
        tallies.append(
            Tally(
                month=received.date().replace(day=1),
                topic=enquiry.topic,
                outcome=outcome(enquiry, now),
                half_hours=round(hours.time_between(received, answered) / HALF_HOUR) if answered else None,
                is_outside_hours=not any(opens <= received.time() < closes for opens, closes in staffed),
            )
        )
    return tallies


def outcome(enquiry: Enquiry, now: datetime) -> Outcome:
    if enquiry.due_at is None:
        return Outcome.NO_PROMISE
    if enquiry.answered_at:
        return Outcome.ON_TIME if enquiry.answered_at <= enquiry.due_at else Outcome.LATE
    if enquiry.is_waiting:
        return Outcome.OVERDUE if enquiry.due_at < now else Outcome.NOT_DUE
    return Outcome.UNANSWERED


class Summary:
    """What the page says of one month, or of all twelve."""

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self.total = len(tallies)
        self.topics = Counter(tally.topic for tally in tallies)
        self.outcomes = Counter(tally.outcome for tally in tallies)
        self.outside_hours = sum(tally.is_outside_hours for tally in tallies)
        self.half_hours = [tally.half_hours for tally in tallies if tally.half_hours is not None]
        self.late = self.outcomes[Outcome.LATE] + self.outcomes[Outcome.OVERDUE]
        self.on_time = self.outcomes[Outcome.ON_TIME]

    @property
    def percent_on_time(self) -> int | None:
        """Of those that were due, rounded down: 100 means that no one waited too long."""
        due = self.on_time + self.late
        return self.on_time * 100 // due if due else None

    @property
    def median_hours(self) -> str:
        """Within how much working time half of the answers were sent, as `3½ h`; at least `½ h`."""
        if not self.half_hours:
            return "–"
        hours, half = divmod(max(median_low(self.half_hours), 1), 2)
        return f"{hours or ''}{'½' if half else ''} h"
