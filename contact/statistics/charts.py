"""What the page shows: figures, and charts as bars and labels in SVG units, each with a table.

Nothing depends on colour alone: the second series is hatched, and each bar has a label.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from contact.models import Enquiry
from contact.models.tally import Outcome
from contact.statistics.counting import Summary, last_months, twelve_months

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

# One column for each month; bars rise from the base line.
PITCH, GAP, TOP, HIGHEST = 30, 4, 20, 120
BASE = TOP + HIGHEST


class Figure(NamedTuple):
    value: str
    title: str
    note: str


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    is_hatched: bool
    label: str


class Label(NamedTuple):
    x: float
    y: float
    text: str


@dataclass
class Chart:
    name: str
    title: str
    head: list[str]
    rows: list[list[str]]
    legend: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    width: int = PITCH * 12
    height: int = BASE + 24
    base: int = BASE

    def draw(self, months: Sequence[date], series: Mapping[str, Sequence[int]]) -> Chart:
        """Stack one or two series in a column for each month, with the total above it."""
        totals = [sum(column) for column in zip(*series.values(), strict=True)]
        scale = HIGHEST / max(*totals, 1)
        self.legend = list(series) if len(series) > 1 else []
        for at, month in enumerate(months):
            x, y = at * PITCH, float(BASE)
            for number, (name, values) in enumerate(series.items()):
                height = values[at] * scale
                y -= height
                if values[at]:
                    label = f"{month:%B %Y}, {name.lower()}: {values[at]}"
                    self.bars.append(Bar(x + GAP, y, PITCH - 2 * GAP, height, number > 0, label))
            middle = x + PITCH / 2
            self.labels += [Label(middle, y - 5, str(totals[at] or "")), Label(middle, BASE + 17, f"{month:%b}")]
        return self


def statistics(now: datetime) -> tuple[list[Figure], list[Chart]]:
    """Return the four figures and the two charts; none when no enquiry came in twelve months."""
    months, tallies = last_months(now), twelve_months(now)
    if not tallies:
        return [], []
    year = Summary(tallies)
    each = [Summary([tally for tally in tallies if tally.month == month]) for month in months]
    topics, outcomes = dict(Enquiry.Topic.choices), dict(Outcome.choices)
    figures = [
        Figure(f"{year.total:,}", "Enquiries", "in twelve months, without spam"),
        Figure(_percent(year.percent_on_time), "Answered on time", "of those that were due"),
        Figure(year.median_hours, "Time to answer", "or less for half of the answers, in working hours"),
        Figure(_percent(year.outside_hours * 100 // year.total), "Outside opening hours", "by the time of arrival"),
    ]
    received = Chart("received", "Enquiries by month", ["Month", "All", *topics.values()], [])
    answers = Chart("answers", "Answers by month of arrival", ["Month", *outcomes.values(), "On time", "Median"], [])
    for month, summary in zip(months, each, strict=True):
        name = f"{month:%B %Y}"
        received.rows.append([name, str(summary.total), *(str(summary.topics[topic]) for topic in topics)])
        counts = [str(summary.outcomes[outcome]) for outcome in outcomes]
        answers.rows.append([name, *counts, _percent(summary.percent_on_time), summary.median_hours])
    on_time, late = [month.on_time for month in each], [month.late for month in each]
    return figures, [
        received.draw(months, {"Enquiries": [month.total for month in each]}),
        answers.draw(months, {"Answered on time": on_time, "Late, or overdue and not answered": late}),
    ]


def _percent(number: int | None) -> str:
    return "–" if number is None else f"{number}\N{NO-BREAK SPACE}%"
