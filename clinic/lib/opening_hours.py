"""When the clinic is open: weekly hours, closures and statutory holidays.

Weekdays are numbered like `datetime.date.weekday()` (Monday is 0); all times are aware and local.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count, groupby
from typing import NamedTuple

from django.utils.dateformat import time_format

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOK_AHEAD_DAYS = 60
NEARLY_A_YEAR = 300
SATURDAY = 5
ONE_DAY = timedelta(days=1)
# Where the package's name differs from the Employment Standards Act, or has a straight apostrophe.
HOLIDAYS = {
    "New Year's Day": "New Year’s Day",
    "National Aboriginal Day": "National Indigenous Peoples Day",
    "Labor Day": "Labour Day",
    "Thanksgiving Day": "Thanksgiving",
}

Stretch = tuple[time, time]
Closure = tuple[date, date, str]


class Status(NamedTuple):
    is_open: bool
    text: str


def no_holidays(_year: int) -> dict[date, str]:
    return {}


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return the Yukon's statutory holidays by date, including those on a weekend. Do not change it: it is shared."""
    # Imported when first needed: the package loads every country, which takes 19 MB and most commands never need.
    from holidays import country_holidays  # noqa: PLC0415  see above

    found = country_holidays("CA", subdiv="YT", years=year, observed=False)
    return {day: HOLIDAYS.get(name, name) for day, name in found.items()}


@dataclass(frozen=True)
class Schedule:
    """`hours`: (weekday, opening, closing); `closures`: (first day, last day, reason), both days included; `holidays`
    returns a year's holidays with their names, on which the clinic is closed.
    """

    hours: list[tuple[int, time, time]] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    holidays: Callable[[int], Mapping[date, str]] = no_holidays
    _days_off: dict[int, dict[date, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def weekly(self, weekday: int) -> list[Stretch]:
        return sorted((opens, closes) for day, opens, closes in self.hours if day == weekday)

    def stretches(self, day: date) -> list[Stretch]:
        """Return the day's opening and closing times, earliest first; none if the clinic is closed."""
        return [] if self.closed_for(day) is not None else self.weekly(day.weekday())

    def closed_for(self, day: date) -> str | None:
        """Return the closure or holiday on this day, whatever the weekly hours are; None if there is none."""
        reasons = (reason for first, last, reason in self.closures if first <= day <= last)
        return next(reasons, self.days_off(day.year).get(day))

    def days_off(self, year: int) -> dict[date, str]:
        """Return the year's statutory holidays and the days off that replace them.

        Under Yukon's Employment Standards Act, employees get the next working day off when a holiday falls on a day
        off. So a holiday on a weekend on which the clinic is closed moves to the next day on which it is open. This
        holds for every holiday, including those that the package `holidays` never moves.
        """
        if year not in self._days_off:
            days = dict(self.holidays(year))
            for holiday, name in sorted(days.items()):
                if self.hours and holiday.weekday() >= SATURDAY and not self.weekly(holiday.weekday()):
                    following = (holiday + ahead * ONE_DAY for ahead in count(1))
                    days[next(day for day in following if self.weekly(day.weekday()) and day not in days)] = name
            self._days_off[year] = days
        return self._days_off[year]

    def status(self, now: datetime) -> Status:
        """Return “Open now until 5 p.m.”, “Closed now. Opens Monday at 8:30 a.m.” or “Closed today: Labour Day. Opens
        tomorrow at 8:30 a.m.”
        """
        today = now.date()
        for opens, closes in self.stretches(today):
            if opens <= now.time() < closes:
                return Status(is_open=True, text=f"Open now until {clock(closes)}")
        reason = self.closed_for(today)
        closed = "Closed now" if reason is None else f"Closed today: {reason}"
        for ahead in range(LOOK_AHEAD_DAYS):
            day = today + ahead * ONE_DAY
            for opens, _closes in self.stretches(day):
                if ahead or opens > now.time():
                    return Status(is_open=False, text=f"{closed}. Opens {day_name(day, today)} at {clock(opens)}")
        return Status(is_open=False, text=closed)

    def next_change(self, now: datetime) -> datetime | None:
        """Return when the text of `status` changes: at the next opening or closing, or at midnight, when “tomorrow”
        becomes “today”. None if there are neither hours nor closures.
        """
        if not self.hours and not self.closures:
            return None
        moments = [moment for stretch in self.stretches(now.date()) for moment in stretch if moment > now.time()]
        midnight = datetime.combine(now.date() + ONE_DAY, time.min, now.tzinfo)
        return min([midnight, *(datetime.combine(now.date(), one, now.tzinfo) for one in moments)])

    def day_in_words(self, weekday: int) -> str:
        return " and ".join(f"{clock(opens)} to {clock(closes)}" for opens, closes in self.weekly(weekday)) or "Closed"

    def week(self) -> list[tuple[str, str]]:
        """Return days and their hours; days in a row that have the same hours are together."""
        texts = [self.day_in_words(weekday) for weekday in range(7)]
        groups = ((text, list(weekdays)) for text, weekdays in groupby(range(7), key=texts.__getitem__))
        return [(run(WEEKDAYS[days[0]], WEEKDAYS[days[-1]], len(days)), text) for text, days in groups]

    def upcoming_closures(self, today: date, within_days: int = LOOK_AHEAD_DAYS) -> list[Closure]:
        """Return the current closures and those that start within so many days, earliest first, including holidays on
        which the clinic would be open. A closure within a longer one is left out.
        """
        limit = today + within_days * ONE_DAY
        dated = [closure for closure in self.closures if closure[1] >= today and closure[0] <= limit]
        holidays = [
            (day, day, name)
            for year in range(today.year, limit.year + 1)
            for day, name in self.days_off(year).items()
            if today <= day <= limit and self.weekly(day.weekday()) and not _covers(self.closures, day, day)
        ]
        found = sorted(dated + holidays)
        return [one for one in found if not _covers([other for other in found if other[:2] != one[:2]], *one[:2])]


def _covers(closures: Iterable[Closure], first: date, last: date) -> bool:
    return any(begin <= first and last <= end for begin, end, _reason in closures)


def clock(moment: time) -> str:
    """Return “5 p.m.”, “8:30 a.m.” or “noon”, which do not break over a line."""
    return time_format(moment, "P").replace(" ", "\N{NO-BREAK SPACE}")


def month_and_day(day: date) -> str:
    """Return “September 14”, which does not break over a line."""
    return f"{day:%B}\N{NO-BREAK SPACE}{day.day}"


def run(first: str, last: str, days: int) -> str:
    """Return “Monday”, “Saturday and Sunday” or “Monday to Friday” for so many days in a row."""
    if days == 1:
        return first
    return f"{first} and {last}" if days == len((first, last)) else f"{first} to {last}"


def days_in_words(first: date, last: date) -> str:
    """Return “Wednesday, December 16” or “Monday, February 1 to Friday, February 5”, with years for a long closure."""
    days = (last - first).days + 1
    ends = [f"{WEEKDAYS[day.weekday()]}, {month_and_day(day)}" for day in (first, last)]
    if days > NEARLY_A_YEAR:
        ends = [f"{end}, {day.year}" for end, day in zip(ends, (first, last), strict=True)]
    return run(ends[0], ends[1], days)


def day_name(day: date, today: date) -> str:
    """Return “today”, “tomorrow”, a weekday within the week, else “Monday, January 4”."""
    ahead = (day - today).days
    if ahead <= 1:
        return ("today", "tomorrow")[ahead]
    name = WEEKDAYS[day.weekday()]
    return name if ahead < len(WEEKDAYS) else f"{name}, {month_and_day(day)}"
