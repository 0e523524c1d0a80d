"""When the clinic is open: pure functions over weekly hours and dated closures.

Weekdays are numbered as `datetime.date.weekday()` numbers them (Monday is 0); all moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Status:
    is_open: bool
    text: str


@dataclass(frozen=True)
class DayRow:
    """One line of the table of hours: a day or a run of days with the same hours."""

    days: str
    hours: str


@dataclass(frozen=True)
class Schedule:
    """`hours`: (weekday, opens, closes); `closures`: (first day, last day, reason), both days closed."""

    hours: list[tuple[int, time, time]] = field(default_factory=list)
    closures: list[tuple[date, date, str]] = field(default_factory=list)

    def stretches(self, day: date) -> list[tuple[time, time]]:
        """Return the day's opening and closing times, earliest first; none on a closed day."""
        if any(first <= day <= last for first, last, _reason in self.closures):
            return []
        return sorted((opens, closes) for weekday, opens, closes in self.hours if weekday == day.weekday())

    def status(self, now: datetime) -> Status:
        """Return “Open now until 17:00” or “Opens Monday at 8:30”, at the local moment `now`."""
        for opens, closes in self.stretches(now.date()):
            if opens <= now.time() < closes:
                return Status(is_open=True, text=f"Open now until {clock(closes)}")
        for ahead in range(LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            for opens, _closes in self.stretches(day):
                if ahead or opens > now.time():
                    opening = f"{day_name(day, now.date())} at {clock(opens)}"
                    return Status(is_open=False, text=f"Closed now. Opens {opening}")
        return Status(is_open=False, text="Closed now")

    def next_change(self, now: datetime) -> datetime | None:
        """Return when `status` says something else: the next opening, closing or, because “tomorrow” is “today” by
        then, midnight. None when there are no hours. `now` is local; so is the answer.
        """
        if not self.hours:
            return None
        times = [moment for stretch in self.stretches(now.date()) for moment in stretch if moment > now.time()]
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
        return min([midnight, *(datetime.combine(now.date(), moment, now.tzinfo) for moment in times)])

    def week(self) -> list[DayRow]:
        """Return the weekly hours, neighbouring days with the same hours on one line; closures do not count."""
        texts = [
            " and ".join(
                f"{clock(opens)} to {clock(closes)}"
                for opens, closes in sorted((o, c) for weekday, o, c in self.hours if weekday == number)
            )
            or "Closed"
            for number in range(7)
        ]
        rows = []
        for text, group in groupby(range(7), key=texts.__getitem__):
            numbers = list(group)
            days = WEEKDAYS[numbers[0]] + (f" to {WEEKDAYS[numbers[-1]]}" if len(numbers) > 1 else "")
            rows.append(DayRow(days, text))
        return rows

    def upcoming_closures(self, today: date, within_days: int = LOOK_AHEAD_DAYS) -> list[tuple[date, date, str]]:
        """Return the closures that last until today or later and begin within so many days, earliest first."""
        limit = today + timedelta(days=within_days)
        return sorted(closure for closure in self.closures if closure[1] >= today and closure[0] <= limit)


def clock(moment: time) -> str:
    """Return `8:30` or `17:00`, as Canadians on a 24-hour clock write it."""
    return f"{moment.hour}:{moment.minute:02}"


def day_name(day: date, today: date) -> str:
    """Return “today”, “tomorrow”, a weekday within the week, else “Monday 4 January”."""
    ahead = (day - today).days
    if ahead <= 1:
        return ("today", "tomorrow")[ahead]
    name = WEEKDAYS[day.weekday()]
    return name if ahead < len(WEEKDAYS) else f"{name} {day.day} {day:%B}"
