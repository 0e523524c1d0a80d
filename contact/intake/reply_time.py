"""By when the clinic answers, and how long somebody has waited in working hours: pure functions.

All moments are aware; days are the clinic's own, whatever zone a moment came in.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from django.utils import timezone

from clinic.lib.opening_hours import ONE_DAY, WEEKDAYS, Schedule, clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Where no opening hours are known: weekdays from 9 to 17.
OFFICE_HOURS = [(weekday, time(9), time(17)) for weekday in range(5)]
# Whoever is closed for longer than this promises no day.
LOOK_AHEAD_DAYS = 400


class WorkingHours:
    """The hours in which enquiries are answered: the weekly ones, without closures and statutory holidays.

    `holidays` returns those of a year. They do not count even where the clinic opens on them: an answer that comes a
    day before the promised one hurts nobody.
    """

    def __init__(self, schedule: Schedule, holidays: Callable[[int], Mapping[date, str]]) -> None:
        self._schedule = Schedule(schedule.hours or OFFICE_HOURS, schedule.closures, holidays)
        self._stretches: dict[date, list[tuple[time, time]]] = {}
        self._seconds: dict[int, list[int]] = {}

    def stretches(self, day: date) -> list[tuple[time, time]]:
        """Return from when to when the desk is staffed, earliest first; none on a day off."""
        if day not in self._stretches:
            self._stretches[day] = self._schedule.stretches(day)
        return self._stretches[day]

    def answer_by(self, received: datetime, working_days: int) -> datetime | None:
        """Return when the last of so many working days closes, counted from the day after arrival.

        What arrives after closing, or on a day off, counts as one of the next working day's. None when the clinic is
        closed for a year: then there is no day to promise.
        """
        return next(islice(self._closings(received), working_days, None), None)

    def closing_after(self, moment: datetime) -> datetime | None:
        """Return when the working day ends that an enquiry of this moment counts to: `answer_by` then moves on."""
        return next(self._closings(moment), None)

    def _closings(self, after: datetime) -> Iterator[datetime]:
        start = local(after)
        for ahead in range(LOOK_AHEAD_DAYS):
            day = start.date() + ahead * ONE_DAY
            if stretches := self.stretches(day):
                closing = datetime.combine(day, max(closes for _opens, closes in stretches), start.tzinfo)
                if closing > start:
                    yield closing

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between the two was working time; none when the end comes first."""
        start, end = local(start), local(end)
        seconds = self._since_new_year(end) - self._since_new_year(start)
        seconds += sum(self._seconds_before(year)[-1] for year in range(start.year, end.year))
        return timedelta(seconds=max(seconds, 0))

    def _since_new_year(self, moment: datetime) -> int:
        today = [(opens, min(closes, moment.time())) for opens, closes in self.stretches(moment.date())]
        worked = sum(_seconds(opens, closes) for opens, closes in today if opens < closes)
        return self._seconds_before(moment.year)[moment.timetuple().tm_yday - 1] + worked

    def _seconds_before(self, year: int) -> list[int]:
        """Return the year's working seconds before each of its days, and before the next New Year."""
        if year not in self._seconds:
            first = date(year, 1, 1)
            days = (first + number * ONE_DAY for number in range((date(year + 1, 1, 1) - first).days))
            each = (sum(_seconds(*stretch) for stretch in self.stretches(day)) for day in days)
            self._seconds[year] = list(accumulate(each, initial=0))
        return self._seconds[year]


def _seconds(opens: time, closes: time) -> int:
    return (closes.hour - opens.hour) * 3600 + (closes.minute - opens.minute) * 60 + closes.second - opens.second


def local(moment: datetime) -> datetime:
    """Return the moment on the clinic's clock, also where an admin has set another zone for itself."""
    return moment.astimezone(timezone.get_default_timezone())


def day_and_time(moment: datetime, today: date) -> str:
    """Return `Tuesday 24 November, 17:00`, with the year where that is another than today's.

    No line ends between the day and its month.
    """
    moment = local(moment)
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{WEEKDAYS[moment.weekday()]} {moment.day}\N{NO-BREAK SPACE}{moment:%B}{year}, {clock(moment.time())}"
