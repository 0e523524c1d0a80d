"""The package `holidays` against the list of Yukon's statutory holidays, year by year."""

from datetime import date

import pytest

from clinic.lib.opening_hours import holidays_of

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


@pytest.mark.parametrize("year", range(2029, 2036))
def test_every_year_has_the_eleven(year: int) -> None:
    days = {name: day for day, name in holidays_of(year).items()}
    assert sorted(days) == sorted(NAMES)
    assert days["Discovery Day"].weekday() == 0
    assert 15 <= days["Discovery Day"].day <= 21
    assert days["Good Friday"].weekday() == 4
    assert days["National Indigenous Peoples Day"] == date(year, 6, 21)
