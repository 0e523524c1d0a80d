"""The statistics page: the last twelve months in four figures and two charts, with a table for each.

Enquiries that were deleted since are counted by their tallies. Nothing depends on colour alone: the second series of a
chart is hatched, and each bar has a label. May import intake and models.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from statistics import median_low

from django.db.models import QuerySet
from django.utils import timezone

from contact.intake import promise
from contact.intake.promise import local
from contact.models import Enquiry, Tally
from contact.models.enquiry import Status
from contact.models.privacy import Outcome

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
    policy = promise.reply_policy()
    tallies = []
    for enquiry in enquiries.exclude(status__in=(Status.SPAM, Status.SUSPECTED_SPAM)):
        received, answered = local(enquiry.received_at), enquiry.answered_at
        staffed = policy.stretches(received.date())
        tallies.append(
            Tally(
                month=received.date().replace(day=1),
                topic=enquiry.topic,
                outcome=outcome(enquiry, now),
                half_hours=round(policy.time_between(received, answered) / HALF_HOUR) if answered else None,
                is_outside_hours=not any(opens <= received.time() < closes for opens, closes in staffed),
            )
        )
    return tallies


def outcome(enquiry: Enquiry, now: datetime) -> Outcome:
    promised = enquiry.promised_at or enquiry.due_at
    if promised is None:
        return Outcome.NO_PROMISE
    if enquiry.answered_at:
        return Outcome.ON_TIME if enquiry.answered_at <= promised else Outcome.LATE
    if enquiry.is_waiting:
        return Outcome.OVERDUE if promised < now and not enquiry.waiting_for_patient else Outcome.NOT_DUE
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


@dataclass
class Chart:
    """One or two series, stacked in a column for each month, and a table; `chart.html` draws it."""

    name: str
    title: str
    head: list[str]
    rows: list[list[str]]
    series: dict[str, list[int]]

    @property
    def columns(self) -> list[tuple[str, int, list[tuple[str, int, int]]]]:
        """Each month's name and total, and the series from the top down: name, number, and the sum up to there."""
        numbers = zip(*self.series.values(), strict=True)
        return [
            (row[0], sum(column), [*zip(self.series, column, accumulate(column), strict=True)][::-1])
            for row, column in zip(self.rows, numbers, strict=True)
        ]

    @property
    def highest(self) -> int:
        return max(total for _month, total, _parts in self.columns) or 1


def statistics(now: datetime) -> tuple[list[tuple[str, str, str]], list[Chart]]:
    """Return the four figures (value, title, note) and the two charts; none when no enquiry came in twelve months."""
    months, tallies = last_months(now), twelve_months(now)
    if not tallies:
        return [], []
    year = Summary(tallies)
    each = [Summary([tally for tally in tallies if tally.month == month]) for month in months]
    topics, outcomes = dict(Enquiry.Topic.choices), dict(Outcome.choices)
    figures = [
        (f"{year.total:,}", "Enquiries", "in twelve months, without spam"),
        (_percent(year.percent_on_time), "Answered on time", "of those that were due"),
        (year.median_hours, "Time to answer", "or less for half of the answers, in working hours"),
        (_percent(year.outside_hours * 100 // year.total), "Outside opening hours", "by the time of arrival"),
    ]
    received, answers = [], []
    for month, summary in zip(months, each, strict=True):
        name = f"{month:%B %Y}"
        received.append([name, str(summary.total), *(str(summary.topics[topic]) for topic in topics)])
        counts = [str(summary.outcomes[outcome]) for outcome in outcomes]
        answers.append([name, *counts, _percent(summary.percent_on_time), summary.median_hours])
    by_promise = {
        "Answered on time": [month.on_time for month in each],
        "Late, or overdue and not answered": [month.late for month in each],
    }
    heads = ["Month", "All", *topics.values()], ["Month", *outcomes.values(), "On time", "Median"]
    return figures, [
        Chart("received", "Enquiries by month", heads[0], received, {"Enquiries": [month.total for month in each]}),
        Chart("answers", "Answers by month of arrival", heads[1], answers, by_promise),
    ]


def _percent(number: int | None) -> str:
    return "–" if number is None else f"{number}\N{NO-BREAK SPACE}%"
