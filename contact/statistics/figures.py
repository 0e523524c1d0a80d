"""What the counts say: how many answers kept the promise, how long they took, and who wrote at a closed door."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from contact.models import Enquiry
from contact.statistics.counting import (
    HOUR,
    IN_TIME,
    LATE,
    OUTCOME,
    OVERDUE,
    TOPIC,
    UNANSWERED,
    UNPROMISED,
    WAIT,
    WAITING_STILL,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contact.intake.reply_time import WorkingHours
    from contact.statistics.counting import Key

TOPICS: dict[str, str] = dict(Enquiry.Topic.choices)


@dataclass(frozen=True)
class Answers:
    """How the enquiries of some months were answered. `median`: working half-hours until the answer, if there is one.

    `waiting` are those whose day has not come, `unanswered` those that were closed without an answer.
    """

    in_time: int
    late: int
    overdue: int
    waiting: int
    unanswered: int
    unpromised: int
    median: int | None

    @classmethod
    def of(cls, counted: Mapping[Key, int], months: Sequence[date]) -> Answers:
        outcomes: Counter[str] = Counter()
        waits: Counter[int] = Counter()
        for (kind, month, label), number in counted.items():
            if month in months and kind == OUTCOME:
                outcomes[label] += number
            elif month in months and kind == WAIT:
                waits[int(label)] += number
        return cls(
            in_time=outcomes[IN_TIME],
            late=outcomes[LATE],
            overdue=outcomes[OVERDUE],
            waiting=outcomes[WAITING_STILL],
            unanswered=outcomes[UNANSWERED],
            unpromised=outcomes[UNPROMISED],
            median=median(waits),
        )

    @property
    def received(self) -> int:
        return self.judged + self.waiting + self.unanswered + self.unpromised

    @property
    def judged(self) -> int:
        """Those of which one can say whether the promise was kept."""
        return self.in_time + self.late + self.overdue

    @property
    def share_kept(self) -> int | None:
        """Percent that were answered in time, rounded down: 100 says that nobody waited too long."""
        return self.in_time * 100 // self.judged if self.judged else None


def median(numbers: Mapping[int, int]) -> int | None:
    """Return the middle one of many numbers, each given with how often it comes; the lower of two."""
    seen, half = 0, sum(numbers.values()) / 2
    for number in sorted(numbers):
        seen += numbers[number]
        if numbers[number] and seen >= half:
            return number
    return None


def by_topic(counted: Mapping[Key, int], weeks: Sequence[date]) -> dict[str, list[int]]:
    """Return for each topic how many came in each of the weeks."""
    return {topic: [counted.get((TOPIC, week, topic), 0) for week in weeks] for topic in TOPICS}


def by_hour(counted: Mapping[Key, int], months: Sequence[date]) -> list[int]:
    """Return how many came in each of the day's 24 hours."""
    return [sum(counted.get((HOUR, month, str(hour)), 0) for month in months) for hour in range(24)]


def staffed_hours(hours: WorkingHours, today: date) -> set[int]:
    """Return the hours of the day in which somebody is at the desk on most days that are worked, by the next weeks."""
    days = [hours.stretches(today + timedelta(days=ahead)) for ahead in range(28)]
    worked = [stretches for stretches in days if stretches]
    return {
        hour
        for hour in range(24)
        if worked and sum(any(o < _end(hour) and time(hour) < c for o, c in day) for day in worked) * 2 > len(worked)
    }


def _end(hour: int) -> time:
    return time(hour + 1) if hour < time.max.hour else time.max


def in_hours(half_hours: int | None) -> str:
    """Return within how many working half-hours, as `3½ h` and never less than `½ h`; a dash where none are to tell."""
    if half_hours is None:
        return "–"
    hours, half = divmod(max(half_hours, 1), 2)
    return f"{hours or ''}{'½' if half else ''} h"
