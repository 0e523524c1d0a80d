"""By when the clinic answers: working hours, closures and holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from clinic.lib.holidays import holidays_of
from clinic.lib.opening_hours import Schedule, no_holidays
from contact.intake.reply_time import WorkingHours, day_and_time

YUKON = ZoneInfo("America/Whitehorse")
WEEKDAYS = [(weekday, time(8, 30), time(17)) for weekday in range(5)]
# Open until 19:00 on Tuesdays, after a break; on Saturday mornings, too.
MIXED = [*WEEKDAYS[:1], (1, time(8), time(12)), (1, time(13), time(19)), *WEEKDAYS[2:], (5, time(9), time(12))]


def desk(
    hours: list[tuple[int, time, time]] | None = None, *closures: tuple[date, date, str], holidays: bool = True
) -> WorkingHours:
    schedule = Schedule(WEEKDAYS if hours is None else hours, list(closures))
    return WorkingHours(schedule, holidays_of if holidays else no_holidays)


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=YUKON)


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (at(11, 23, 10), at(11, 24, 17)),  # Monday morning: Tuesday
        (at(11, 23, 6), at(11, 24, 17)),  # before opening
        (at(11, 23, 16, 59), at(11, 24, 17)),
        (at(11, 23, 17), at(11, 25, 17)),  # at closing time: as if it came on Tuesday
        (at(11, 23, 23), at(11, 25, 17)),
        (at(11, 27, 10), at(11, 30, 17)),  # Friday: Monday
        (at(11, 27, 18), at(12, 1, 17)),
        (at(11, 28, 10), at(12, 1, 17)),  # Saturday counts to Monday: Tuesday
        (at(11, 29, 10), at(12, 1, 17)),
    ],
)
def test_the_answer_comes_by_closing_time_of_the_next_working_day(received: datetime, promised: datetime) -> None:
    assert desk().answer_by(received, 1) == promised


def test_more_days_are_more_working_days() -> None:
    assert desk().answer_by(at(11, 25, 10), 2) == at(11, 27, 17)
    assert desk().answer_by(at(11, 25, 10), 3) == at(11, 30, 17)


def test_the_days_own_last_hour_counts() -> None:
    assert desk(MIXED).answer_by(at(11, 23, 10), 1) == at(11, 24, 19)
    assert desk(MIXED).answer_by(at(11, 27, 10), 1) == at(11, 28, 12)


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (at(12, 24, 10), at(12, 28, 17)),  # Christmas Day is a Friday
        (at(9, 29, 10), at(10, 1, 17)),  # Truth and Reconciliation
        (at(8, 14, 10), at(8, 18, 17)),  # Discovery Day is a Monday
        (at(6, 19, 10), at(6, 23, 17)),  # 21 June is a Sunday: Monday is free in its stead
        (at(12, 31, 10, year=2027), at(1, 4, 17, year=2028)),  # 1 January 2028 is a Saturday
        (at(9, 29, 10, year=2028), at(10, 3, 17, year=2028)),  # 30 September 2028 is a Saturday
    ],
)
def test_holidays_do_not_count(received: datetime, promised: datetime) -> None:
    assert desk().answer_by(received, 1) == promised


def test_closures_do_not_count() -> None:
    storm = (date(2026, 11, 24), date(2026, 11, 25), "Storm")
    assert desk(None, storm).answer_by(at(11, 23), 1) == at(11, 26, 17)
    assert desk(None, storm).answer_by(at(11, 24), 1) == at(11, 27, 17)


def test_without_known_hours_weekdays_from_nine_to_five_are_taken() -> None:
    assert desk([]).answer_by(at(11, 20), 1) == at(11, 23, 17)
    assert desk([]).time_between(at(11, 23, 8), at(11, 23, 12)) == timedelta(hours=3)
    closed = (date(2026, 11, 24), date(2026, 11, 24), "Move")
    assert desk([], closed).answer_by(at(11, 23), 1) == at(11, 25, 17)


def test_a_clinic_that_is_closed_for_years_names_no_day() -> None:
    for_good = (date(2026, 1, 1), date(2030, 1, 1), "Closed")
    assert desk(None, for_good).answer_by(at(11, 23), 1) is None
    assert desk(None, for_good).closing_after(at(11, 23)) is None


def test_the_promise_moves_on_at_closing_time() -> None:
    assert desk().closing_after(at(11, 23, 10)) == at(11, 23, 17)
    assert desk().closing_after(at(11, 23, 17)) == at(11, 24, 17)
    assert desk().closing_after(at(11, 28, 10)) == at(11, 30, 17)
    for moment in (at(11, 23, 10), at(11, 28, 10), at(12, 24, 12)):
        change = desk().closing_after(moment)
        assert change is not None
        before = desk().answer_by(change - timedelta(seconds=1), 1)
        assert desk().answer_by(moment, 1) == before
        assert desk().answer_by(change, 1) != before


def test_a_moment_in_any_zone_is_a_moment_in_yukon() -> None:
    assert desk().answer_by(datetime(2026, 11, 24, 2, 0, tzinfo=UTC), 1) == at(11, 25, 17)  # 19:00 on Monday
    with timezone.override("Pacific/Auckland"):
        assert desk().answer_by(at(11, 23), 1) == at(11, 24, 17)
        assert day_and_time(at(11, 24, 17), date(2026, 11, 23)) == "Tuesday 24\N{NO-BREAK SPACE}November, 17:00"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(11, 23, 10), at(11, 23, 12), 2),
        (at(11, 23, 16), at(11, 24, 9, 30), 2),
        (at(11, 20, 16), at(11, 23, 9, 30), 2),  # over a weekend
        (at(11, 21, 10), at(11, 22, 22), 0),
        (at(11, 23, 6), at(11, 23, 20), 8.5),
        (at(11, 23, 12), at(11, 23, 10), 0),
        (at(11, 10, 16), at(11, 12, 9, 30), 2),  # over Remembrance Day
        (at(12, 31, 16), at(1, 4, 9, 30, year=2027), 2),  # over New Year
        (at(11, 23, 10), at(11, 23, 10, year=2027), 8.5 * (261 - 11)),  # a year; one holiday falls on a weekend
    ],
)
def test_waiting_is_counted_in_working_hours(start: datetime, end: datetime, hours: float) -> None:
    assert desk().time_between(start, end) == timedelta(hours=hours)


def test_breaks_and_closures_are_no_working_time() -> None:
    assert desk(MIXED).time_between(at(11, 24, 11), at(11, 24, 14)) == timedelta(hours=2)
    storm = (date(2026, 11, 24), date(2026, 11, 24), "Storm")
    assert desk(MIXED, storm).time_between(at(11, 23, 16), at(11, 25, 9, 30)) == timedelta(hours=2)


def test_a_day_names_its_year_only_where_it_is_another() -> None:
    assert day_and_time(at(11, 24, 17), date(2026, 11, 23)) == "Tuesday 24\N{NO-BREAK SPACE}November, 17:00"
    assert day_and_time(at(1, 4, 8, 5, year=2027), date(2026, 12, 31)) == "Monday 4\N{NO-BREAK SPACE}January 2027, 8:05"
