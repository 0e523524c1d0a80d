"""What one line says about waiting, and where the address of a list with a name in it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from clinic.lib.opening_hours import Schedule
from contact.admin.rows import Reader
from contact.intake.promise import WorkingHours
from contact.workflow.waiting import when_past
from tests.contact.factories import hours_ago, make_enquiry

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


@pytest.mark.parametrize(
    ("minutes", "flags", "said"),
    [
        (182, [], "outside opening hours so far"),
        (0, [], "less than a minute"),
        (182, ["Chest pain"], "3 h 2 min by the clock"),
        (0, ["Chest pain"], "less than a minute"),
    ],
)
def test_while_the_clinic_is_closed_nobody_has_waited_but_a_warning_sign_waits_by_the_clock(
    minutes: int, flags: list[str], said: str
) -> None:
    saturday = datetime(2026, 11, 28, 18, 37, tzinfo=ZoneInfo("America/Whitehorse"))
    enquiry = make_enquiry(received_at=saturday - timedelta(minutes=minutes), red_flags=flags)
    hours = WorkingHours(Schedule(), lambda _year: {})
    assert Reader(None, saturday, hours, (), {}).row(enquiry).waited == said


def test_list_detail_and_panel_count_the_same_waiting(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry(received_at=hours_ago(1))
    pages = (LIST, reverse("admin:contact_enquiry_change", args=[enquiry.pk]), reverse("admin:index"))
    for worked, said in ((timedelta(minutes=16), "16 min"), (timedelta(), "outside opening hours so far")):
        monkeypatch.setattr(WorkingHours, "time_between", lambda *_moments, worked=worked: worked)
        for page in pages:
            text = desk.get(page).content.decode()
            assert said in text
            assert "1 h" not in text


@pytest.mark.parametrize(
    ("worked", "said"), [(timedelta(hours=2), "after 2 h 0 min"), (timedelta(), "outside opening hours")]
)
def test_the_list_of_those_answered_says_after_how_long(
    desk: Client, monkeypatch: pytest.MonkeyPatch, worked: timedelta, said: str
) -> None:
    monkeypatch.setattr(WorkingHours, "time_between", lambda *_moments: worked)
    make_enquiry(received_at=hours_ago(9), status="answered")
    response = desk.get(LIST, {"show": "answered"})
    [row] = response.context["rows"]
    assert (row.waited, row.due) == ("", said)
    assert '<th scope="col">Received</th>\n      <th scope="col">Answered</th>' in response.content.decode()


def test_the_other_lists_of_what_is_done_say_when_that_was(desk: Client) -> None:
    for status in ("closed", "spam"):
        make_enquiry(received_at=hours_ago(99), status=status, closed_at=hours_ago(24 * 30))
        [row] = desk.get(LIST, {"show": status}).context["rows"]
        assert row.due == when_past(hours_ago(24 * 30), hours_ago(0))


def test_an_answer_is_told_beside_a_later_state(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorkingHours, "time_between", lambda *_moments: timedelta(hours=1))
    make_enquiry(received_at=hours_ago(99), status="closed", answered_at=hours_ago(98))
    make_enquiry(received_at=hours_ago(98), status="answered")
    told = [(row.status, row.waited) for row in desk.get(LIST, {"show": "all"}).context["rows"]]
    assert told == [("Answered", "after 1 h 0 min"), ("Closed", "answered after 1 h 0 min")]


def test_suspected_spam_says_what_its_sender_was_promised(desk: Client) -> None:
    make_enquiry(status="suspected_spam", due_at=hours_ago(-48))
    [row] = desk.get(LIST, {"show": "suspected"}).context["rows"]
    assert row.due
    assert not row.is_overdue


def test_an_address_with_a_name_is_told_to_no_other_host_and_kept_by_no_cache(desk: Client) -> None:
    response = desk.get(LIST, {"q": "Smith"})
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
