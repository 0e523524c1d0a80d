from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from clinic.lib.opening_hours import Schedule, days_in_words, holidays_of
from clinic.models import LocationPage
from tests import factories

WHITEHORSE = ZoneInfo("America/Whitehorse")
MONDAY = date(2026, 1, 5)

WEEKDAYS = Schedule(hours=[(day, time(8, 30), time(17)) for day in range(5)])
WITH_LUNCH = Schedule(hours=[(0, time(13), time(17)), (0, time(8, 30), time(12))])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=WHITEHORSE)


@pytest.mark.parametrize(
    ("schedule", "now", "text"),
    [
        (WEEKDAYS, at(8, 29), "Closed now. Opens today at 8:30 a.m."),
        (WEEKDAYS, at(8, 30), "Open now until 5 p.m."),
        (WEEKDAYS, at(16, 59), "Open now until 5 p.m."),
        (WEEKDAYS, at(17), "Closed now. Opens tomorrow at 8:30 a.m."),
        (WEEKDAYS, at(18, day=date(2026, 1, 9)), "Closed now. Opens Monday at 8:30 a.m."),
        (WITH_LUNCH, at(11, 59), "Open now until noon"),
        (WITH_LUNCH, at(12), "Closed now. Opens today at 1 p.m."),
        (WITH_LUNCH, at(17), "Closed now. Opens Monday, January 12 at 8:30 a.m."),
    ],
)
def test_the_clinic_says_until_when_it_is_open_or_when_it_opens_next(
    schedule: Schedule, now: datetime, text: str
) -> None:
    status = schedule.status(now)
    assert status.is_open is text.startswith("Open")
    assert plain(status.text) == text


def test_on_a_closure_the_clinic_is_closed_from_its_first_day_to_its_last_and_a_long_one_names_no_day() -> None:
    closed = Schedule(WEEKDAYS.hours, closures=[(MONDAY, MONDAY + timedelta(days=2), "Holiday")])
    assert plain(closed.status(at(10)).text) == "Closed today: Holiday. Opens Thursday at 8:30 a.m."
    assert closed.status(at(10, day=date(2026, 1, 7))).text.startswith("Closed today")
    assert closed.status(at(10, day=date(2026, 1, 8))).is_open
    long = Schedule(WEEKDAYS.hours, closures=[(MONDAY, MONDAY + timedelta(days=400), "Rebuilding")])
    assert long.status(at(10)).text == "Closed today: Rebuilding"


def test_without_weekly_hours_only_closures_are_shown() -> None:
    assert Schedule().status(at(10)).text == "Closed now"
    assert Schedule().next_change(at(9)) is None
    schedule = Schedule(closures=[(MONDAY, MONDAY, "Stocktaking")])
    assert schedule.status(at(12)).text == "Closed today: Stocktaking"
    assert schedule.next_change(at(12)) == at(0, day=MONDAY + timedelta(days=1))


def test_the_week_puts_neighbouring_days_with_the_same_hours_on_one_line() -> None:
    hours = [*WEEKDAYS.hours[:4], (4, time(8, 30), time(12)), (4, time(13), time(16))]
    assert [(days, plain(text)) for days, text in Schedule(hours).week()] == [
        ("Monday to Thursday", "8:30 a.m. to 5 p.m."),
        ("Friday", "8:30 a.m. to noon and 1 p.m. to 4 p.m."),
        ("Saturday and Sunday", "Closed"),
    ]


def test_closures_are_listed_beforehand_and_until_they_are_over() -> None:
    def closure(first: int, last: int) -> tuple[date, date, str]:
        return MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), "Closed"

    over, last_day, soon, too_far, within_soon = ((-3, -1), (-2, 0), (60, 61), (61, 61), (60, 60))
    schedule = Schedule(closures=[closure(*days) for days in (too_far, soon, over, last_day, within_soon)])
    assert schedule.upcoming_closures(MONDAY) == [closure(*last_day), closure(*soon)]
    assert schedule.upcoming_closures(MONDAY, within_days=10) == [closure(*last_day)]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 16), date(2026, 12, 16), "Wednesday, December 16"),
        (date(2027, 1, 12), date(2027, 1, 13), "Tuesday, January 12 and Wednesday, January 13"),
        (date(2027, 2, 1), date(2027, 2, 5), "Monday, February 1 to Friday, February 5"),
        (date(2026, 11, 28), date(2028, 1, 2), "Saturday, November 28, 2026 to Sunday, January 2, 2028"),
    ],
)
def test_closed_days_are_named_with_their_weekdays(first: date, last: date, words: str) -> None:
    assert plain(days_in_words(first, last)) == words


@pytest.mark.parametrize(
    ("now", "change"),
    [(at(7), at(8, 30)), (at(8, 30), at(12)), (at(12, 30), at(13)), (at(17), at(0, day=date(2026, 1, 6)))],
)
def test_the_next_change_is_when_the_words_change(now: datetime, change: datetime) -> None:
    assert WITH_LUNCH.next_change(now) == change
    assert WITH_LUNCH.status(change - timedelta(seconds=1)).text == WITH_LUNCH.status(now).text


ON_WEEKDAYS = Schedule(WEEKDAYS.hours, holidays=holidays_of)
ON_SATURDAYS_TOO = Schedule([*WEEKDAYS.hours, (5, time(9), time(12))], holidays=holidays_of)
LABOUR_DAY = date(2026, 9, 7)


def test_a_holiday_is_a_closed_day_and_the_words_change_at_midnight() -> None:
    assert not ON_WEEKDAYS.status(at(10, day=LABOUR_DAY)).is_open
    assert plain(ON_WEEKDAYS.status(at(10, day=date(2026, 9, 6))).text) == "Closed now. Opens Tuesday at 8:30 a.m."
    assert ON_WEEKDAYS.next_change(at(7, day=LABOUR_DAY)) == at(0, day=date(2026, 9, 8))


def test_the_next_holidays_are_announced_among_the_closures() -> None:
    party = (date(2026, 12, 18), date(2026, 12, 18), "Staff party")
    between = (date(2026, 12, 24), date(2026, 12, 28), "Between the years")
    schedule = Schedule(WEEKDAYS.hours, [between, party], holidays_of)
    new_year = date(2027, 1, 1)
    assert schedule.upcoming_closures(date(2026, 12, 1)) == [party, between, (new_year, new_year, "New Year’s Day")]


def test_a_holiday_on_a_weekend_takes_the_next_day_on_which_the_clinic_is_open() -> None:
    assert set(ON_WEEKDAYS.days_off(2027)) - set(holidays_of(2027)) == {date(2027, 12, 27)}
    assert set(ON_WEEKDAYS.days_off(2028)) - set(holidays_of(2028)) == {
        date(2028, 1, 3), date(2028, 7, 3), date(2028, 10, 2), date(2028, 11, 13),
    }  # fmt: skip
    assert ON_SATURDAYS_TOO.days_off(2028) == (holidays_of(2028)), "closed on that Saturday itself"
    monday = date(2027, 12, 27)
    assert ON_WEEKDAYS.upcoming_closures(date(2027, 12, 1), within_days=27) == [(monday, monday, "Christmas Day")]


@pytest.mark.django_db
def test_the_place_decides_whether_it_opens_on_holidays(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(10, day=LABOUR_DAY))
    place = factories.make_location()
    factories.add_hours(place, LABOUR_DAY.weekday())
    page = plain(client.get(place.url).text)
    assert "Closed today: Labour Day. Opens Monday, September 14 at 9 a.m." in page
    assert "Closed Monday, September 7: Labour Day" in page
    assert '"name":"Labour Day","validFrom":"2026-09-07","validThrough":"2026-09-07","opens":"00:00"' in page
    LocationPage.objects.update(opens_on_holidays=True)
    page = plain(client.get(place.url).text)
    assert "Open now until 5 p.m." in page
    assert "Labour Day" not in page


# As the clinic's facts name them.
NAMES = """
    New Year’s Day, Good Friday, Victoria Day, National Indigenous Peoples Day, Canada Day, Discovery Day, Labour Day,
    National Day for Truth and Reconciliation, Thanksgiving, Remembrance Day, Christmas Day
"""
# Month and day of the eleven, in the order above; from the calendar, not from the package.
DAYS = {
    2026: [(1, 1), (4, 3), (5, 18), (6, 21), (7, 1), (8, 17), (9, 7), (9, 30), (10, 12), (11, 11), (12, 25)],
    2028: [(1, 1), (4, 14), (5, 22), (6, 21), (7, 1), (8, 21), (9, 4), (9, 30), (10, 9), (11, 11), (12, 25)],
}


@pytest.mark.parametrize("year", DAYS)
def test_the_package_knows_yukons_holidays_and_no_others(year: int) -> None:
    names = " ".join(NAMES.split()).split(", ")
    expected = {date(year, *day): name for name, day in zip(names, DAYS[year], strict=True)}
    assert holidays_of(year) == expected
