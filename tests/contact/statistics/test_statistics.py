"""What the statistics count: twelve months by the clinic's clock, without spam, and with deleted enquiries."""

from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.lib.opening_hours import Schedule, no_holidays
from contact import statistics
from contact.intake import promise
from contact.intake.promise import ReplyPolicy
from contact.models import Enquiry, Tally
from contact.models.privacy import Outcome
from contact.statistics import Summary
from tests.contact.factories import make_enquiry

YUKON = ZoneInfo("America/Whitehorse")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=YUKON)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _weekdays_from_nine_to_five(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = ReplyPolicy(Schedule([(weekday, time(9), time(17)) for weekday in range(5)]), no_holidays)
    monkeypatch.setattr(promise, "reply_policy", lambda: hours)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 30, tzinfo=YUKON)


def enquiry(received: datetime, answered: datetime | None = None, **fields: Any) -> Enquiry:
    fields = {"due_at": received + timedelta(days=1), "status": "answered" if answered else "new"} | fields
    return make_enquiry(received_at=received, answered_at=answered, **fields)


def counted() -> list[tuple[object, ...]]:
    of = attrgetter("month", "topic", "outcome", "half_hours", "is_outside_hours")
    return sorted(map(of, statistics.twelve_months(NOW)), key=str)


def count_and_delete(*enquiries: Enquiry) -> None:
    statistics.keep_tallies([one.pk for one in enquiries], NOW)
    Enquiry.objects.filter(pk__in=[one.pk for one in enquiries]).delete()


def test_an_enquiry_is_counted_by_the_clinics_clock_and_spam_canaries_and_older_ones_are_not() -> None:
    for fields in ({"status": "spam"}, {"status": "suspected_spam"}, {"is_canary": True}):
        enquiry(at(20, 10), **fields)
    enquiry(datetime(2025, 11, 30, 10, tzinfo=YUKON))
    # The last evening of October in Whitehorse is November in UTC.
    enquiry(datetime(2026, 10, 31, 20, 15, tzinfo=YUKON), topic="fees")
    enquiry(at(23, 10), topic="other")
    assert counted() == [
        (date(2026, 10, 1), "fees", "overdue", None, True),
        (NOVEMBER, "other", "not_due", None, False),
    ]


@pytest.mark.parametrize(
    ("answered", "fields", "outcome"),
    [
        (at(10, 9), {"status": "closed"}, Outcome.ON_TIME),
        (at(12, 9), {}, Outcome.LATE),
        (None, {"status": "in_progress"}, Outcome.OVERDUE),
        (None, {"due_at": at(24, 9)}, Outcome.NOT_DUE),
        (None, {"status": "closed"}, Outcome.UNANSWERED),
        (at(12, 9), {"due_at": None}, Outcome.NO_PROMISE),
    ],
)
def test_every_enquiry_has_one_outcome(answered: datetime | None, fields: dict[str, Any], outcome: Outcome) -> None:
    assert statistics.outcome(enquiry(at(9, 10), answered, **fields), NOW) == outcome


def test_the_time_to_answer_is_the_median_in_working_hours() -> None:
    assert Summary([]).median_hours == "–"
    enquiry(at(13, 16), at(16, 9))  # Friday 4:30 p.m. to Monday 9:30 a.m.
    assert Summary(statistics.twelve_months(NOW)).median_hours == "1 h"
    enquiry(at(16, 10), at(16, 14) - timedelta(minutes=30))
    enquiry(at(16, 10), at(17, 10))
    assert Summary(statistics.twelve_months(NOW)).median_hours == "3½ h"


@pytest.mark.parametrize(
    ("outcomes", "percent"),
    [
        (["on_time"] * 199 + ["late"], 99),
        (["on_time", "overdue"], 50),
        (["on_time", "not_due", "unanswered", "no_promise"], 100),
        (["not_due"], None),
    ],
)
def test_the_percentage_is_rounded_down_and_leaves_out_what_is_not_due(outcomes: list[str], percent: int) -> None:
    tallies = [Tally(month=NOVEMBER, outcome=outcome, is_outside_hours=False) for outcome in outcomes]
    assert Summary(tallies).percent_on_time == percent


def test_deleted_enquiries_stay_in_the_statistics() -> None:
    first, *others = (enquiry(at(day, 10), at(day, 13), status="closed") for day in (9, 10, 16))
    before = counted()
    count_and_delete(*others)
    count_and_delete(first)
    assert (counted(), Enquiry.all_objects.count()) == (before, 0)
    count_and_delete(enquiry(at(9, 10)), enquiry(at(23, 10)))
    assert [tally[2] for tally in counted() if tally not in before] == [Outcome.UNANSWERED] * 2, "erased while waiting"
    Tally.objects.update(month=date(2025, 11, 1))
    count_and_delete(enquiry(datetime(2025, 1, 7, 10, tzinfo=YUKON)))
    assert not Tally.objects.exists(), "older than twelve months"


def test_figures_and_charts_agree() -> None:
    enquiry(at(9, 10), at(9, 12), topic="fees")
    enquiry(at(10, 20), at(12, 9), topic="other")
    figures, (received, answers) = statistics.statistics(NOW)
    assert [value for value, _title, _note in figures] == ["2", "50\xa0%", "2 h", "50\xa0%"]
    assert received.rows[-1] == ["November 2026", "2", "0", "0", "0", "0", "1", "0", "0", "1"]
    assert answers.rows[-1] == ["November 2026", "1", "1", "0", "0", "0", "0", "50\xa0%", "2 h"]
    assert received.columns[-1] == ("November 2026", 2, [("Enquiries", 2, 2)])
    stacked = [("Late, or overdue and not answered", 1, 2), ("Answered on time", 1, 1)]
    assert (answers.columns[-1], answers.highest) == (("November 2026", 2, stacked), 2)
    for chart in (received, answers):
        assert {len(row) for row in chart.rows} == {len(chart.head)}
        assert len(chart.rows) == 12


def test_each_chart_has_a_table_and_no_one_is_named(desk: Client) -> None:
    page = reverse("admin:contact_enquiry_numbers")
    assert "No enquiries in the last twelve months." in desk.get(page).content.decode()
    make_enquiry(name="Robin Rare", email="robin@example.com", message="my knee", due_at=datetime.now(YUKON))
    html = desk.get(page).content.decode()
    received, answers = html.split('<section class="chart"')[1:]
    assert received.count("<details>") == answers.count("<details>") == 1
    drawn = (f"<title>{timezone.localdate():%B %Y}, enquiries: 1</title>", 'x="334" y="20" width="22" height="120"')
    assert [words for words in drawn if words not in received] == []
    assert not any(private in html for private in ("Robin", "robin@", "knee"))
