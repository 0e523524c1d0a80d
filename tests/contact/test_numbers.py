"""The desk in numbers: what is counted, what the counts say, and what is kept of deleted enquiries."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.lib.opening_hours import Schedule, no_holidays
from contact.intake.reply_time import WorkingHours
from contact.models import Enquiry, PurgeRun, Tally
from contact.privacy.deletion import delete
from contact.statistics import counting, figures, keeping, pictures
from contact.statistics.counting import HOUR, OUTCOME, TOPIC, WAIT
from contact.statistics.figures import Answers
from tests.contact.factories import make_enquiry

YUKON = ZoneInfo("America/Whitehorse")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=YUKON)
HOURS = WorkingHours(Schedule([(weekday, time(9), time(17)) for weekday in range(5)]), no_holidays)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2025, 12, 1)


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=YUKON)


def enquiry(received: datetime, answered: datetime | None = None, **fields: Any) -> Enquiry:
    fields = {"due_at": received + timedelta(days=1), "status": "answered" if answered else "new"} | fields
    return make_enquiry(received_at=received, answered_at=answered, **fields)


def count() -> Counter[counting.Key]:
    return counting.twelve_months(HOURS, NOW)


def test_weeks_and_months_end_with_this_one() -> None:
    weeks, months = counting.weeks(NOW.date()), counting.months(NOW.date())
    assert (len(weeks), weeks[0], weeks[-1]) == (52, date(2025, 12, 1), date(2026, 11, 23))
    assert (len(months), months[0], months[-1]) == (12, DECEMBER, NOVEMBER)
    assert {week.weekday() for week in weeks} == {0}


@pytest.mark.django_db
def test_an_enquiry_counts_by_the_clinics_clock() -> None:
    # Sunday evening in Whitehorse is Monday in UTC, another week; the last evening of October another month.
    enquiry(datetime(2026, 11, 22, 20, 15, tzinfo=YUKON), topic="fees")
    enquiry(datetime(2026, 10, 31, 20, 15, tzinfo=YUKON), topic="fees")
    counted = count()
    assert counted[TOPIC, date(2026, 11, 16), "fees"] == 1
    assert counted[TOPIC, date(2026, 10, 26), "fees"] == 1
    assert counted[HOUR, NOVEMBER, "20"] == 1
    assert counted[HOUR, date(2026, 10, 1), "20"] == 1


@pytest.mark.django_db
def test_spam_canaries_and_what_is_older_do_not_count() -> None:
    enquiry(at(20, 10), status="spam")
    enquiry(at(20, 10), status="suspected_spam")
    enquiry(at(20, 10), is_canary=True)
    enquiry(datetime(2025, 11, 30, 10, tzinfo=YUKON))
    assert count() == {}


@pytest.mark.django_db
def test_every_enquiry_has_one_outcome() -> None:
    enquiry(at(9, 10), at(10, 9))
    enquiry(at(9, 11), at(10, 11), status="closed")
    enquiry(at(9, 10), at(12, 9))
    enquiry(at(9, 10), status="in_progress")
    enquiry(at(23, 10))
    enquiry(at(9, 10), status="closed")
    enquiry(at(9, 10), at(12, 9), due_at=None)
    found = {label: number for (kind, _, label), number in count().items() if kind == OUTCOME}
    assert found == {"in_time": 2, "late": 1, "overdue": 1, "waiting": 1, "unanswered": 1, "unpromised": 1}
    answers = Answers.of(count(), [NOVEMBER])
    assert answers.received == 7
    assert (answers.judged, answers.share_kept) == (4, 50)


@pytest.mark.django_db
def test_the_time_to_an_answer_is_counted_in_working_hours() -> None:
    enquiry(at(13, 16), at(16, 9))  # Friday 16:30 to Monday 9:30
    enquiry(at(16, 10), at(16, 13))
    enquiry(at(16, 10), at(17, 10))
    waits = {label: number for (kind, _, label), number in count().items() if kind == WAIT}
    assert waits == {"2": 1, "6": 1, "16": 1}
    assert Answers.of(count(), [NOVEMBER]).median == 6


@pytest.mark.django_db
def test_of_very_many_answers_some_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_ANSWERS_READ", 10)
    for _ in range(45):
        enquiry(at(16, 10), at(16, 13))
    with CaptureQueriesContext(connection) as asked:
        counted = count()
    assert 40 <= counted[WAIT, NOVEMBER, "6"] <= 50
    assert len(asked) == 3


def test_the_middle_of_many_numbers() -> None:
    assert figures.median({}) is None
    assert figures.median({4: 1}) == 4
    assert figures.median({2: 1, 9: 1}) == 2
    assert figures.median({2: 1, 6: 1, 40: 1}) == 6
    assert figures.median({2: 10, 6: 1, 40: 1}) == 2


@pytest.mark.parametrize(("half_hours", "words"), [(None, "–"), (0, "½ h"), (1, "½ h"), (2, "1 h"), (7, "3½ h")])
def test_half_hours_in_words(half_hours: int | None, words: str) -> None:
    assert figures.in_hours(half_hours) == words


def test_a_share_is_never_rounded_up_to_a_kept_promise() -> None:
    assert Answers(199, 1, 0, 0, 0, 0, None).share_kept == 99
    assert Answers(200, 0, 0, 5, 5, 5, None).share_kept == 100
    assert Answers(0, 0, 0, 5, 5, 5, None).share_kept is None


def test_the_staffed_hours_are_those_of_most_days() -> None:
    assert figures.staffed_hours(HOURS, NOW.date()) == set(range(9, 17))
    late_on_tuesdays = Schedule([*((day, time(8, 30), time(17)) for day in range(5)), (1, time(17), time(20))])
    assert figures.staffed_hours(WorkingHours(late_on_tuesdays, no_holidays), NOW.date()) == set(range(8, 17))


@pytest.mark.parametrize(("most", "end"), [(0, 1), (1, 1), (3, 4), (5, 6), (9, 10), (11, 20), (56, 60), (801, 1000)])
def test_a_scale_ends_at_a_round_number(most: int, end: int) -> None:
    assert pictures.round_up(most) == end


def drawn() -> list[pictures.Picture]:
    weeks, months = counting.weeks(NOW.date()), counting.months(NOW.date())
    counted = Counter(
        {
            (TOPIC, weeks[-1], "fees"): 3, (TOPIC, weeks[-1], "other"): 1, (HOUR, NOVEMBER, "10"): 3,
            (HOUR, NOVEMBER, "20"): 1, (OUTCOME, NOVEMBER, "in_time"): 2, (OUTCOME, NOVEMBER, "late"): 1,
            (OUTCOME, NOVEMBER, "overdue"): 1, (WAIT, NOVEMBER, "3"): 3,
        }
    )  # fmt: skip
    by_month = [Answers.of(counted, [month]) for month in months]
    return [
        pictures.weeks_by_topic(weeks, figures.by_topic(counted, weeks)),
        pictures.answers_by_month(months, by_month, Answers.of(counted, months)),
        pictures.hours_of_day(figures.by_hour(counted, months), set(range(9, 17))),
    ]


def test_the_pictures_say_what_they_show() -> None:
    weeks, answers, hours = drawn()
    assert weeks.says == "4 in 52 weeks, spam left out; the fullest week brought 4."
    assert answers.says == "50 % were answered by the promised moment. Half came within 1½ h of working time."
    assert hours.says == "25 % come at an hour when nobody is at the desk on most days."


def test_what_a_phone_shows_first_says_what_it_is() -> None:
    """The half of a picture at which a narrow screen begins holds the names of its rows, and its scale."""
    weeks, answers, hours = drawn()
    for picture, told in ((weeks, ["All", "An appointment", "In all"]), (answers, ["0", "2", "4"])):
        assert picture.is_newest_first
        at_the_end = {words.text for words in picture.words if words.x > picture.width / 2}
        assert at_the_end >= set(told)
    assert not hours.is_newest_first
    assert {"0", "2", "4"} <= {words.text for words in hours.words if words.x < hours.width / 2}


def test_bars_stand_within_their_picture_and_on_its_lines() -> None:
    for picture in drawn():
        assert picture.bars
        feet = {round(line.y, 1) for line in picture.lines}
        for bar in picture.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= picture.width
            assert bar.y >= 0
            assert round(bar.y + bar.height, 1) in feet | {round(other.y, 1) for other in picture.bars}


def test_no_look_differs_by_colour_alone() -> None:
    for picture in drawn():
        looks = {bar.look for bar in picture.bars}
        assert looks == {look for look, _words in picture.legend} or looks == {"plain"}
        assert all(bar.says for bar in picture.bars)


def test_red_is_gone_as_soon_as_nobody_is_overdue() -> None:
    answered = Answers(3, 1, 0, 0, 0, 0, 2)
    picture = pictures.answers_by_month([NOVEMBER], [answered], answered)
    assert [look for look, _words in picture.legend] == ["plain", "hatched"]


def test_each_table_has_every_number_of_its_picture() -> None:
    weeks, answers, hours = drawn()
    assert weeks.rows[-1] == ["23 November 2026", "4", "0", "0", "3", "0", "0", "1"]
    assert answers.rows[-1] == ["November 2026", "4", "2", "1", "1", "0", "0", "50", "1½ h"]
    assert hours.rows[20] == ["20:00 to 21:00", "1", "25"]
    for picture in drawn():
        assert {len(row) for row in picture.rows} == {len(picture.head)}


@pytest.mark.django_db
def test_what_was_counted_outlives_its_enquiries() -> None:
    for day in (9, 10, 16):
        enquiry(at(day, 10), at(day, 13), status="closed")
    before = count()
    for some in (Enquiry.objects.all()[:2], Enquiry.objects.all()):
        keys = [one.pk for one in some]
        keeping.remember(keys, NOW)
        Enquiry.objects.filter(pk__in=keys).delete()
    assert not Enquiry.all_objects.exists()
    assert count() == before


@pytest.mark.django_db
def test_every_deletion_leaves_its_counts() -> None:
    today = timezone.now()
    delete({enquiry(today, topic="fees", status="closed"): PurgeRun.Reason.REQUEST})
    assert Tally.objects.get(kind=TOPIC).label == "fees"


@pytest.mark.django_db
def test_who_was_erased_while_they_waited_does_not_wait_for_ever() -> None:
    keeping.remember([enquiry(at(9, 10)).pk, enquiry(at(23, 10)).pk], NOW)
    assert list(Tally.objects.filter(kind=OUTCOME).values_list("label", "count")) == [("unanswered", 2)]


@pytest.mark.django_db
def test_tallies_are_kept_no_longer_than_they_are_shown() -> None:
    Tally.objects.create(kind=TOPIC, period=date(2025, 9, 1), label="fees", count=4)
    Tally.objects.create(kind=TOPIC, period=date(2025, 12, 1), label="fees", count=4)
    old = enquiry(datetime(2025, 1, 7, 10, tzinfo=YUKON))
    keeping.remember([old.pk], NOW)
    assert list(Tally.objects.values_list("period", "count")) == [(date(2025, 12, 1), 4)]
