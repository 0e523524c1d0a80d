"""By when the clinic replies: the same promise at the form, in the receipt's mail and at the desk."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from clinic.lib.opening_hours import Schedule, holidays_of
from clinic.models import ClinicDetails, LocationPage
from clinic.models.location import Closure
from clinic.page_cache.invalidation import EXPIRES_AT
from contact.form.forms import EnquiryForm
from contact.form.rendering import enquiry_form_html
from contact.intake import promise, submission
from contact.intake.promise import ReplyPolicy, promise_text, time_and_day
from contact.mail import messages
from contact.models import DeskSettings, Enquiry
from contact.models.message import MessageType
from tests import factories
from tests.contact.factories import answers

YUKON = ZoneInfo("America/Whitehorse")
NO_DAY = "We will reply as soon as we can."
WEEKDAYS = [(weekday, time(8, 30), time(17)) for weekday in range(5)]
# Open until 7 p.m. on Tuesdays, after a break; on Saturday mornings, too.
MIXED = [*WEEKDAYS[:1], (1, time(8), time(12)), (1, time(13), time(19)), *WEEKDAYS[2:], (5, time(9), time(12))]
STORM, FOR_GOOD = (date(2026, 11, 24), date(2026, 11, 25), "Storm"), (date(2026, 1, 1), date(2030, 1, 1), "Closed")


def desk(hours: list[tuple[int, time, time]] = WEEKDAYS, *closures: tuple[date, date, str]) -> ReplyPolicy:
    return ReplyPolicy(Schedule(hours, [*closures]), holidays_of)


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=YUKON)


def reply_by(moment: datetime) -> str:
    """Return the promise for a moment of this year."""
    return f"We will reply by {time_and_day(moment, moment.date())}."


MONDAY = at(11, 23)
TUESDAY_EVENING = at(11, 24, 18, 30)


@pytest.mark.parametrize(
    ("hours", "received", "promised"),
    [
        (desk(), at(11, 23, 10), at(11, 24, 17)),  # Monday morning: Tuesday
        (desk(), at(11, 23, 17), at(11, 25, 17)),  # at closing time: as if it came on Tuesday
        (desk(), at(11, 27, 10), at(11, 30, 17)),  # Friday: Monday
        (desk(), at(11, 28, 10), at(12, 1, 17)),  # Saturday counts as Monday: Tuesday
        (desk(), datetime(2026, 11, 24, 2, 0, tzinfo=UTC), at(11, 25, 17)),  # 7 p.m. on Monday
        (desk(MIXED), at(11, 23, 10), at(11, 24, 19)),  # the last hour of that day
        (desk(WEEKDAYS, STORM), at(11, 23), at(11, 26, 17)),
        (desk(), at(12, 24, 10), at(12, 28, 17)),  # Christmas Day is a Friday
        (desk([]), at(11, 20), at(11, 23, 17)),  # without known hours: weekdays from 9 to 5
        (desk(WEEKDAYS, FOR_GOOD), at(11, 23), None),
    ],
)
def test_a_reply_is_due_at_the_end_of_a_working_day(hours: ReplyPolicy, received: datetime, promised: Any) -> None:
    with timezone.override("Pacific/Auckland"):
        assert hours.answer_by(received, 1) == promised


@pytest.mark.parametrize(
    ("hours", "start", "end", "worked"),
    [
        (desk(), at(11, 23, 16), at(11, 24, 9, 30), 2),
        (desk(), at(11, 20, 16), at(11, 23, 9, 30), 2),  # over a weekend
        (desk(), at(11, 23, 6), at(11, 23, 20), 8.5),
        (desk(), at(11, 10, 16), at(11, 12, 9, 30), 2),  # over Remembrance Day
        (desk(), at(11, 23, 10), at(11, 23, 10, year=2027), 8.5 * (261 - 11)),  # one holiday falls on a weekend
        (desk(MIXED), at(11, 24, 11), at(11, 24, 14), 2),  # over a break
    ],
)
def test_waiting_is_counted_in_working_hours(hours: ReplyPolicy, start: datetime, end: datetime, worked: float) -> None:
    assert hours.time_between(start, end) == timedelta(hours=worked)


@pytest.mark.parametrize(
    ("received", "due", "text"),
    [
        (at(11, 23), at(11, 24, 17), "We will reply by 5 p.m. on Tuesday, November 24."),
        (at(12, 31), at(1, 4, 8, 5, year=2027), "We will reply by 8:05 a.m. on Monday, January 4, 2027."),
        (at(11, 23), at(11, 24, 12), "We will reply by noon on Tuesday, November 24."),
        (at(11, 23), None, NO_DAY),
    ],
)
def test_the_promise_is_a_sentence(received: datetime, due: datetime | None, text: str) -> None:
    assert promise_text(received, due).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.fixture
def place(details: ClinicDetails) -> LocationPage:
    """The main location, open on weekdays from 8:30 a.m. to 6:30 p.m."""
    place = factories.make_location(hours=[])
    for weekday in range(5):
        factories.add_hours(place, weekday, "08:30", "18:30")
    details.main_location = place
    details.save()
    return place


def receive(now: datetime = MONDAY) -> Enquiry:
    form = EnquiryForm(answers(message=f"Hello on {now:%A}"))
    assert form.is_valid()
    return submission.submit_enquiry(form.answers, now=now)


def test_closures_and_the_desks_settings_change_the_due_date_that_the_receipt_names(place: LocationPage) -> None:
    enquiry = receive()
    assert enquiry.due_at == TUESDAY_EVENING
    receipt = enquiry.messages.get(kind=MessageType.PATIENT_RECEIPT)
    assert promise_text(enquiry.received_at, TUESDAY_EVENING) in messages.build_email(receipt).body
    Closure.objects.create(location=place, first_day=date(2026, 11, 24), last_day=date(2026, 11, 24), reason="Storm")
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 2})
    assert receive(MONDAY + timedelta(minutes=1)).due_at == TUESDAY_EVENING
    assert receive(MONDAY + timedelta(days=1)).due_at == TUESDAY_EVENING + timedelta(days=3)


def test_an_enquiry_is_stored_when_its_due_date_cannot_be_calculated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "reply_policy", Mock(side_effect=ZeroDivisionError))
    enquiry = receive()
    assert (enquiry.due_at, enquiry.messages.count()) == (None, 2)


@pytest.mark.usefixtures("place")
def test_the_form_names_the_day_until_that_changes(visit: HttpRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    assert reply_by(TUESDAY_EVENING) in enquiry_form_html(visit, about=None)
    closing = at(11, 23, 18, 30)
    assert visit.META[EXPIRES_AT] == [closing]
    monkeypatch.setattr("django.utils.timezone.now", lambda: closing)
    assert reply_by(at(11, 25, 18, 30)) in enquiry_form_html(visit, about=None)


def test_a_clinic_that_is_closed_for_a_year_promises_no_day(place: LocationPage, client: Client) -> None:
    assert "We will reply by " in client.post("/enquiry/", answers(name="")).content.decode()
    today = timezone.localdate()
    Closure.objects.create(location=place, first_day=today, last_day=today + timedelta(days=999), reason="Move")
    assert NO_DAY in client.get("/enquiry/").content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_form_follows_the_desks_settings_and_a_new_closure_at_once(place: LocationPage, client: Client) -> None:
    def promised() -> str:
        return client.get("/enquiry/").content.decode().partition("We will reply by ")[2].partition("</p>")[0]

    first = promised()
    assert promised() == first
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 5})
    second = promised()
    assert second not in {"", first}
    today = timezone.localdate()
    place.closures.add(Closure(first_day=today, last_day=today + timedelta(days=9), reason="Move"))
    place.save_revision().publish()
    assert promised() not in {"", first, second}
