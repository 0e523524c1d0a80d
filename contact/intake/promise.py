"""By when the clinic replies, and how long a person has waited in working hours.

All moments are aware; days are the clinic's own, whatever zone a moment came in.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import groupby, islice

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date

from clinic.lib.logs import failures_logged
from clinic.lib.opening_hours import ONE_DAY, Schedule, holidays_of
from clinic.models import ClinicDetails
from clinic.page_cache.invalidation import expires_at
from contact.models import DeskSettings

# Where no opening hours are known: weekdays from 9 to 5.
FIVE = time(17)
OFFICE_HOURS = [(weekday, time(9), FIVE) for weekday in range(5)]
# A clinic that is closed for longer than this promises no day.
LOOK_AHEAD_DAYS = 400
NO_DAY_PROMISED = "We will reply as soon as we can."


class ReplyPolicy:
    """In which hours enquiries are answered, and within how many working days.

    The hours are the weekly ones, without closures and statutory holidays. `holidays` returns those of a year. They do
    not count even where the clinic opens on them: a reply that comes a day early does no harm.
    """

    def __init__(
        self,
        schedule: Schedule,
        holidays: Callable[[int], Mapping[date, str]],
        working_days: int = 1,
        look_within: timedelta = timedelta(minutes=30),
    ) -> None:
        self.working_days, self.look_within = working_days, look_within
        self.weekly = schedule.hours or OFFICE_HOURS
        # The day's opening and closing times, earliest first; none on a day off.
        self.stretches = cache(Schedule(self.weekly, schedule.closures, holidays).stretches)

    def due_at(self, received: datetime, *, is_urgent: bool = False) -> datetime | None:
        """Return by when an enquiry of this moment is answered or, with a warning sign, read; None as below."""
        return self.after(received, self.look_within) if is_urgent else self.answer_by(received, self.working_days)

    def answer_by(self, received: datetime, working_days: int) -> datetime | None:
        """Return the closing time of the last of these working days, counted from the day after arrival.

        What arrives after closing, or on a day off, counts as arriving on the next working day. None when the clinic is
        closed for a year: then there is no day to promise.
        """
        days = groupby(self._open(received), key=lambda stretch: stretch[1].date())
        closings = (max(closes for _opens, closes in stretches) for _day, stretches in days)
        return next(islice(closings, working_days, None), None)

    def after(self, start: datetime, span: timedelta) -> datetime | None:
        """Return when this much working time has passed; None as above."""
        for opens, closes in self._open(start):
            if span <= closes - opens:
                return opens + span
            span -= closes - opens
        return None

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between the two was working time; none when the end comes first."""
        days = (local(end).date() - local(start).date()).days + 1
        open_times = (min(end, closes) - opens for opens, closes in self._open(start, days))
        return sum((time for time in open_times if time > timedelta()), timedelta())

    def _open(self, start: datetime, days: int = LOOK_AHEAD_DAYS) -> Iterator[tuple[datetime, datetime]]:
        """Yield when the clinic opens and closes in these days, from `start` on."""
        start = local(start)
        for ahead in range(days):
            day = start.date() + ahead * ONE_DAY
            for stretch in self.stretches(day):
                opens, closes = (datetime.combine(day, moment, start.tzinfo) for moment in stretch)
                if closes > start:
                    yield max(opens, start), closes


def reply_policy(request: HttpRequest | None = None) -> ReplyPolicy:
    """Read it from the desk's settings and the main location's hours. Raises `django.db.Error`."""
    details = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
    schedule = details.main_location.schedule if details and details.main_location else Schedule()
    desk = DeskSettings.load(request)
    look_within = timedelta(minutes=desk.look_within_minutes)
    return ReplyPolicy(schedule, holidays_of, desk.reply_within_days, look_within)


def promise_at_the_form(request: HttpRequest | None, *, is_urgent: bool = False) -> tuple[str, bool]:
    """Return the promise for an enquiry sent now, for as long as a cached page is kept, and whether it is open late."""
    with failures_logged("The promise at the form could not be calculated"):
        now, policy = timezone.now(), reply_policy(request)
        due_at = policy.due_at(now, is_urgent=is_urgent)
        # What arrives after the working day counts for the next one.
        expires_at(request, policy.answer_by(now, 0))
        is_open_late = any(closes > FIVE for *_days, closes in policy.weekly)
        return promise_text(now, due_at, is_urgent=is_urgent), is_open_late
    return NO_DAY_PROMISED, True


def promise_text(received: datetime, due_at: datetime | None, *, is_urgent: bool = False) -> str:
    """Return “We will reply by 5 p.m. on Tuesday, November 24.”, or a sentence without a day where there is none."""
    if due_at is None:
        return NO_DAY_PROMISED
    moment = time_and_day(due_at, local(received).date())
    return f"We will read it before other enquiries, by {moment}." if is_urgent else f"We will reply by {moment}."


def local(moment: datetime) -> datetime:
    """Return the moment on the clinic's clock, also where an admin has set another zone for itself."""
    return moment.astimezone(timezone.get_default_timezone())


def time_and_day(moment: datetime, today: date) -> str:
    """Return “5 p.m. on Tuesday, November 24”, with the year if it is another; no line break in time and date."""
    moment = local(moment)
    unbroken = (format_date(moment, part).replace(" ", "\N{NO-BREAK SPACE}") for part in ("P", "l", "F j"))
    year = "" if moment.year == today.year else f", {moment.year}"
    return "{} on {}, {}{}".format(*unbroken, year)
