"""When the clinic says it is open."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.lib.opening_hours import Schedule, day_name, days_in_words

WHITEHORSE = ZoneInfo("America/Whitehorse")
MONDAY = date(2026, 1, 5)

WEEKDAYS = Schedule(hours=[(day, time(8, 30), time(17)) for day in range(5)])
WITH_LUNCH = Schedule(hours=[(0, time(13), time(17)), (0, time(8, 30), time(12))])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=WHITEHORSE)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (at(8, 29), "Closed now. Opens today at 8:30 a.m."),
        (at(8, 30), "Open now until 5 p.m."),
        (at(16, 59), "Open now until 5 p.m."),
        (at(17), "Closed now. Opens tomorrow at 8:30 a.m."),
        (at(18, day=date(2026, 1, 9)), "Closed now. Opens Monday at 8:30 a.m."),
        (at(12, day=date(2026, 1, 11)), "Closed now. Opens tomorrow at 8:30 a.m."),
    ],
)
def test_the_clinic_says_until_when_it_is_open_or_when_it_opens_next(now: datetime, text: str) -> None:
    status = WEEKDAYS.status(now)
    assert status.is_open is text.startswith("Open")
    assert plain(status.text) == text


def test_over_lunch_the_clinic_is_closed_and_opens_again_today() -> None:
    assert plain(WITH_LUNCH.status(at(11, 59)).text) == "Open now until noon"
    assert plain(WITH_LUNCH.status(at(12)).text) == "Closed now. Opens today at 1 p.m."
    assert plain(WITH_LUNCH.status(at(17)).text) == "Closed now. Opens Monday, January 12 at 8:30 a.m."


def test_on_a_closure_the_clinic_is_closed_from_its_first_day_to_its_last() -> None:
    closed = Schedule(WEEKDAYS.hours, closures=[(MONDAY, MONDAY + timedelta(days=2), "Holiday")])
    assert plain(closed.status(at(10)).text) == "Closed today: Holiday. Opens Thursday at 8:30 a.m."
    assert (
        plain(closed.status(at(10, day=date(2026, 1, 7))).text) == "Closed today: Holiday. Opens tomorrow at 8:30 a.m."
    )
    assert closed.status(at(10, day=date(2026, 1, 8))).is_open


def test_a_clinic_that_does_not_open_soon_names_no_day() -> None:
    assert Schedule().status(at(10)).text == "Closed now"
    closed = Schedule(WEEKDAYS.hours, closures=[(MONDAY, MONDAY + timedelta(days=400), "Rebuilding")])
    assert closed.status(at(10)).text == "Closed today: Rebuilding"


def test_the_week_puts_neighbouring_days_with_the_same_hours_on_one_line() -> None:
    hours = [*WEEKDAYS.hours[:4], (4, time(8, 30), time(12)), (4, time(13), time(16))]
    assert [(days, plain(text)) for days, text in Schedule(hours).week()] == [
        ("Monday to Thursday", "8:30 a.m. to 5 p.m."),
        ("Friday", "8:30 a.m. to noon and 1 p.m. to 4 p.m."),
        ("Saturday and Sunday", "Closed"),
    ]


def test_closures_are_listed_beforehand_and_until_they_are_over() -> None:
    over = (MONDAY - timedelta(days=3), MONDAY - timedelta(days=1), "Over")
    last_day = (MONDAY - timedelta(days=2), MONDAY, "Ends today")
    soon = (MONDAY + timedelta(days=60), MONDAY + timedelta(days=61), "In sixty days")
    too_far = (MONDAY + timedelta(days=61), MONDAY + timedelta(days=61), "Later")
    within = (MONDAY + timedelta(days=60), MONDAY + timedelta(days=60), "Within a longer one")
    schedule = Schedule(closures=[too_far, soon, over, last_day, within])
    assert schedule.upcoming_closures(MONDAY) == [last_day, soon]
    assert schedule.upcoming_closures(MONDAY, within_days=10) == [last_day]


@pytest.mark.parametrize(
    ("ahead", "name"),
    [(0, "today"), (1, "tomorrow"), (6, "Sunday"), (7, "Monday, January 12"), (30, "Wednesday, February 4")],
)
def test_a_day_is_named_as_people_would_name_it(ahead: int, name: str) -> None:
    assert plain(day_name(MONDAY + timedelta(days=ahead), MONDAY)) == name


def test_a_closure_is_shown_without_weekly_hours() -> None:
    schedule = Schedule(closures=[(MONDAY, MONDAY, "Stocktaking")])
    now = datetime.combine(MONDAY, time(12), UTC)
    assert schedule.status(now).text == "Closed today: Stocktaking"
    assert schedule.next_change(now) == datetime.combine(MONDAY + timedelta(days=1), time(0), UTC)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 16), date(2026, 12, 16), "Wednesday, December 16"),
        (date(2027, 1, 12), date(2027, 1, 13), "Tuesday, January 12 and Wednesday, January 13"),
        (date(2026, 12, 31), date(2027, 1, 1), "Thursday, December 31 and Friday, January 1"),
        (date(2027, 2, 1), date(2027, 2, 5), "Monday, February 1 to Friday, February 5"),
        (date(2026, 12, 24), date(2027, 1, 3), "Thursday, December 24 to Sunday, January 3"),
        (date(2026, 11, 28), date(2028, 1, 2), "Saturday, November 28, 2026 to Sunday, January 2, 2028"),
    ],
)
def test_closed_days_are_named_with_their_weekdays(first: date, last: date, words: str) -> None:
    assert plain(days_in_words(first, last)) == words


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (at(7), at(8, 30)),
        (at(8, 30), at(12)),
        (at(11, 59), at(12)),
        (at(12, 30), at(13)),
        (at(17), at(0, day=date(2026, 1, 6))),
        (at(9, day=date(2026, 1, 6)), at(0, day=date(2026, 1, 7))),
    ],
)
def test_the_next_change_is_when_the_words_change(now: datetime, change: datetime) -> None:
    assert WITH_LUNCH.next_change(now) == change
    assert WITH_LUNCH.status(change - timedelta(seconds=1)).text == WITH_LUNCH.status(now).text


def test_without_hours_nothing_ever_changes() -> None:
    assert Schedule().next_change(at(9)) is None
