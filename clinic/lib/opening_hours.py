"""When the clinic is open: pure functions over weekly hours, dated closures and statutory holidays.

Weekdays are numbered as `datetime.date.weekday()` numbers them (Monday is 0); all moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOK_AHEAD_DAYS = 60
ONE_AND_THE_NEXT = 2
NEARLY_A_YEAR = 300
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Status:
    is_open: bool
    text: str


@dataclass(frozen=True)
class DayRow:
    """One line of the table of hours: a day or a run of days with the same hours."""

    days: str
    hours: str


def no_holidays(_year: int) -> dict[date, str]:
    return {}


@dataclass(frozen=True)
class Schedule:
    """`hours`: (weekday, opens, closes); `closures`: (first day, last day, reason), both days closed; `holidays`
    returns those of a year by their names, on which the clinic is closed.
    """

    hours: list[tuple[int, time, time]] = field(default_factory=list)
    closures: list[tuple[date, date, str]] = field(default_factory=list)
    holidays: Callable[[int], Mapping[date, str]] = no_holidays
    _days_off: dict[int, dict[date, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def stretches(self, day: date) -> list[tuple[time, time]]:
        """Return the day's opening and closing times, earliest first; none on a closed day."""
        if self.closed_for(day) is not None:
            return []
        return sorted((opens, closes) for weekday, opens, closes in self.hours if weekday == day.weekday())

    def closed_for(self, day: date) -> str | None:
        """Return why the clinic is closed on this day, whatever the weekly hours say; None on other days."""
        reasons = (reason for first, last, reason in self.closures if first <= day <= last)
        return next(reasons, self.days_off(day.year).get(day))

    def days_off(self, year: int) -> dict[date, str]:
        """Return the year's statutory holidays and the days that are free in their stead.

        Yukon's Employment Standards Act gives employees the next working day off when a holiday falls on a day that
        is free anyway: a holiday on a weekend on which the clinic is closed takes the next day on which it is open.
        That holds for every holiday, also for those that the package `holidays` never moves.
        """
        if year not in self._days_off:
            days = dict(self.holidays(year))
            for holiday, name in sorted(days.items()):
                if self.hours and holiday.weekday() >= SATURDAY and not self._opens_on(holiday):
                    days[self._next_open_day(holiday, days)] = name
            self._days_off[year] = days
        return self._days_off[year]

    def _opens_on(self, day: date) -> bool:
        return any(weekday == day.weekday() for weekday, _opens, _closes in self.hours)

    def _next_open_day(self, day: date, taken: Mapping[date, str]) -> date:
        following = (day + ahead * ONE_DAY for ahead in count(1))
        return next(day for day in following if self._opens_on(day) and day not in taken)

    def status(self, now: datetime) -> Status:
        """Return “Open now until 17:00”, “Closed now. Opens Monday at 8:30” or “Closed today: Labour Day. Opens
        tomorrow at 8:30”, at the local moment `now`.
        """
        for opens, closes in self.stretches(now.date()):
            if opens <= now.time() < closes:
                return Status(is_open=True, text=f"Open now until {clock(closes)}")
        reason = self.closed_for(now.date())
        closed = "Closed now" if reason is None else f"Closed today: {reason}"
        for ahead in range(LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            for opens, _closes in self.stretches(day):
                if ahead or opens > now.time():
                    opening = f"{day_name(day, now.date())} at {clock(opens)}"
                    return Status(is_open=False, text=f"{closed}. Opens {opening}")
        return Status(is_open=False, text=closed)

    def next_change(self, now: datetime) -> datetime | None:
        """Return when `status` says something else: the next opening, closing or, because “tomorrow” is “today” by
        then, midnight. None when there are neither hours nor closures. `now` is local; so is the answer.
        """
        if not self.hours and not self.closures:
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
            first, last = WEEKDAYS[numbers[0]], WEEKDAYS[numbers[-1]]
            rows.append(DayRow(run(first, last, len(numbers)), text))
        return rows

    def upcoming_closures(self, today: date, within_days: int = LOOK_AHEAD_DAYS) -> list[tuple[date, date, str]]:
        """Return the closures that last until today or later and begin within so many days, earliest first; among
        them the holidays that take an open day. What lies within a longer closure is said by that one.
        """
        limit = today + timedelta(days=within_days)
        dated = [closure for closure in self.closures if closure[1] >= today and closure[0] <= limit]
        holidays = [
            (day, day, name)
            for year in range(today.year, limit.year + 1)
            for day, name in self.days_off(year).items()
            if today <= day <= limit and self._opens_on(day)
        ]
        closures = sorted(dated + [holiday for holiday in holidays if not self._is_closed_anyway(holiday[0])])
        return [one for one in closures if not any(_lies_within(one, other) for other in closures)]

    def _is_closed_anyway(self, day: date) -> bool:
        return any(first <= day <= last for first, last, _reason in self.closures)


def _lies_within(closure: tuple[date, date, str], other: tuple[date, date, str]) -> bool:
    return other[0] <= closure[0] and closure[1] <= other[1] and other[:2] != closure[:2]


def clock(moment: time) -> str:
    """Return `8:30` or `17:00`, as Canadians on a 24-hour clock write it."""
    return f"{moment.hour}:{moment.minute:02}"


def run(first: str, last: str, days: int) -> str:
    """Return “Monday”, “Saturday and Sunday” or “Monday to Friday”, for so many days in a row."""
    if days == 1:
        return first
    return f"{first} and {last}" if days == ONE_AND_THE_NEXT else f"{first} to {last}"


def days_in_words(first: date, last: date) -> str:
    """Return “Wednesday 16 December” or “Tuesday 12 and Wednesday 13 January”: the month once where it is one, and the
    years where the days could be taken for those of one year.
    """
    days = (last - first).days + 1
    begin, end = (f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B}" for day in (first, last))
    if days > NEARLY_A_YEAR:
        begin, end = f"{begin} {first.year}", f"{end} {last.year}"
    elif first != last and first.month == last.month:
        begin = begin.removesuffix(f" {first:%B}")
    return run(begin, end, days)


def day_name(day: date, today: date) -> str:
    """Return “today”, “tomorrow”, a weekday within the week, else “Monday 4 January”."""
    ahead = (day - today).days
    if ahead <= 1:
        return ("today", "tomorrow")[ahead]
    name = WEEKDAYS[day.weekday()]
    return name if ahead < len(WEEKDAYS) else f"{name} {day.day} {day:%B}"
