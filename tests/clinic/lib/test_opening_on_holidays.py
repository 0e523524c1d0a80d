"""On Yukon's statutory holidays the clinic is closed, unless its place says that it opens."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from holidays import country_holidays

from clinic.lib.opening_hours import Schedule, holidays_of
from clinic.models import LocationPage
from tests import factories

HOURS = [(weekday, time(8, 30), time(17)) for weekday in range(5)]
ON_WEEKDAYS = Schedule(HOURS, holidays=holidays_of)
ON_SATURDAYS_TOO = Schedule([*HOURS, (5, time(9), time(12))], holidays=holidays_of)
LABOUR_DAY = date(2026, 9, 7)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("America/Whitehorse"))


def test_a_holiday_is_a_closed_day_with_a_name() -> None:
    status = ON_WEEKDAYS.status(at(LABOUR_DAY, 10))
    assert not status.is_open
    assert plain(status.text) == "Closed today: Labour Day. Opens tomorrow at 8:30 a.m."
    assert plain(ON_WEEKDAYS.status(at(date(2026, 9, 6), 10)).text) == "Closed now. Opens Tuesday at 8:30 a.m."
    assert Schedule(HOURS).status(at(LABOUR_DAY, 10)).is_open


def test_on_a_holiday_the_words_change_at_midnight() -> None:
    assert ON_WEEKDAYS.next_change(at(LABOUR_DAY, 7)) == at(date(2026, 9, 8), 0)


def test_the_next_holidays_are_announced_among_the_closures() -> None:
    party = (date(2026, 12, 18), date(2026, 12, 18), "Staff party")
    between = (date(2026, 12, 24), date(2026, 12, 28), "Between the years")
    schedule = Schedule(HOURS, [between, party], holidays_of)
    new_year = date(2027, 1, 1)
    assert schedule.upcoming_closures(date(2026, 12, 1)) == [party, between, (new_year, new_year, "New Year’s Day")]


def test_a_holiday_on_a_day_that_is_closed_anyway_is_announced_by_the_day_in_its_stead() -> None:
    monday = date(2027, 12, 27)
    assert ON_WEEKDAYS.upcoming_closures(date(2027, 12, 1), within_days=27) == [(monday, monday, "Christmas Day")]


def test_a_holiday_on_a_weekend_takes_the_next_day_on_which_the_clinic_is_open() -> None:
    assert set(ON_WEEKDAYS.days_off(2027)) - set(holidays_of(2027)) == {date(2027, 12, 27)}
    assert set(ON_WEEKDAYS.days_off(2028)) - set(holidays_of(2028)) == {
        date(2028, 1, 3), date(2028, 7, 3), date(2028, 10, 2), date(2028, 11, 13),
    }  # fmt: skip
    assert ON_SATURDAYS_TOO.days_off(2028) == (holidays_of(2028)), "closed on that Saturday itself"


def test_no_year_promises_more_than_the_package_where_it_moves_holidays_itself() -> None:
    for year in range(2025, 2040):
        assert set(country_holidays("CA", subdiv="YT", years=year)) <= set(ON_WEEKDAYS.days_off(year))


@pytest.mark.django_db
def test_the_place_decides_whether_it_opens_on_holidays(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(LABOUR_DAY, 10))
    place = factories.make_location()
    factories.add_hours(place, LABOUR_DAY.weekday())
    page = plain(client.get(place.url).content.decode())
    assert "Closed today: Labour Day. Opens Monday, September 14 at 9 a.m." in page
    assert "Closed Monday, September 7: Labour Day" in page
    assert '"name":"Labour Day","validFrom":"2026-09-07","validThrough":"2026-09-07","opens":"00:00"' in page
    LocationPage.objects.update(opens_on_holidays=True)
    page = plain(client.get(place.url).content.decode())
    assert "Open now until 5 p.m." in page
    assert "Labour Day" not in page


# As the clinic's facts name them.
NAMES = [
    "New Year’s Day",
    "Good Friday",
    "Victoria Day",
    "National Indigenous Peoples Day",
    "Canada Day",
    "Discovery Day",
    "Labour Day",
    "National Day for Truth and Reconciliation",
    "Thanksgiving",
    "Remembrance Day",
    "Christmas Day",
]
# Month and day of the eleven, in the order above; from the calendar, not from the package.
DAYS = {
    2025: [(1, 1), (4, 18), (5, 19), (6, 21), (7, 1), (8, 18), (9, 1), (9, 30), (10, 13), (11, 11), (12, 25)],
    2026: [(1, 1), (4, 3), (5, 18), (6, 21), (7, 1), (8, 17), (9, 7), (9, 30), (10, 12), (11, 11), (12, 25)],
    2027: [(1, 1), (3, 26), (5, 24), (6, 21), (7, 1), (8, 16), (9, 6), (9, 30), (10, 11), (11, 11), (12, 25)],
    2028: [(1, 1), (4, 14), (5, 22), (6, 21), (7, 1), (8, 21), (9, 4), (9, 30), (10, 9), (11, 11), (12, 25)],
}


@pytest.mark.parametrize("year", DAYS)
def test_the_package_knows_yukons_holidays_and_no_others(year: int) -> None:
    expected = {date(year, *day): name for name, day in zip(NAMES, DAYS[year], strict=True)}
    assert holidays_of(year) == expected
