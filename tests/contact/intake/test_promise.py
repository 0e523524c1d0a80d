"""One promise: at the form, on the receipt, in its mail and for the desk."""

from datetime import date, datetime, time, timedelta
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clinic.lib.opening_hours import Schedule
from clinic.models import ClinicDetails, LocationPage
from clinic.models.hours import Closure, OpeningHours
from clinic.page_cache.lifetime import ENDS
from contact.form.forms import EnquiryForm
from contact.form.rendering import enquiry_form_html
from contact.intake import promise, submission
from contact.mail import messages
from contact.models import DeskSettings, Enquiry, Message
from contact.models.message import MessageType
from tests import factories
from tests.contact.factories import answers, make_enquiry, make_message

pytestmark = pytest.mark.django_db

YUKON = ZoneInfo("America/Whitehorse")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=YUKON)
TUESDAY_EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=YUKON)


@pytest.fixture
def place(details: ClinicDetails) -> LocationPage:
    """The main location, open on weekdays from 8:30 to 18:30."""
    place = factories.make_location()
    place.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(location=place, weekday=weekday, opens=time(8, 30), closes=time(18, 30)) for weekday in range(5)
    )
    details.main_location = place
    details.save()
    return place


def receive(now: datetime = MONDAY) -> Enquiry:
    form = EnquiryForm(answers())
    assert form.is_valid()
    return submission.submit_enquiry(form.answers, now=now)


@pytest.mark.usefixtures("place")
def test_an_enquiry_is_due_when_the_next_open_day_closes() -> None:
    assert receive().due_at == TUESDAY_EVENING


def test_closures_and_the_desks_settings_move_the_day(place: LocationPage) -> None:
    Closure.objects.create(location=place, first_day=date(2026, 11, 24), last_day=date(2026, 11, 24), reason="Storm")
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 2})
    assert receive().due_at == TUESDAY_EVENING + timedelta(days=2)


@pytest.mark.parametrize("reasons", [(), ("Storm",), ("Storm", "Christmas")])
def test_hours_and_closures_are_read_by_one_query(
    place: LocationPage, reasons: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, reason in enumerate(reasons, start=1):
        Closure.objects.create(
            location=place, first_day=date(2026, 12, number), last_day=date(2026, 12, number), reason=reason
        )
    with django_assert_num_queries(1):
        schedule = LocationPage.schedule_of(place.pk)
    again = LocationPage.objects.get().schedule
    assert (schedule.hours, schedule.closures) == (sorted(again.hours), sorted(again.closures))
    assert len(schedule.closures) == len(reasons)


@pytest.mark.parametrize("number", [None, 0])
def test_a_place_that_is_not_there_has_no_hours(number: int | None) -> None:
    assert LocationPage.schedule_of(number) == Schedule()


def test_a_place_without_hours_has_none() -> None:
    assert LocationPage.schedule_of(factories.make_location(hours=[]).pk).hours == []


def test_an_enquiry_is_never_lost_over_the_reckoning_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise.Plan, "read", Mock(side_effect=ZeroDivisionError))
    enquiry = receive()
    assert enquiry.due_at is None
    assert Message.objects.filter(enquiry=enquiry).count() == 2


def test_the_receipts_mail_names_the_day() -> None:
    enquiry = make_enquiry(received_at=MONDAY, due_at=TUESDAY_EVENING)
    message = make_message(enquiry=enquiry, kind=MessageType.PATIENT_RECEIPT, recipient="sam@example.com")
    assert "We answer by Tuesday 24\N{NO-BREAK SPACE}November, 18:30." in messages.build_email(message).body


@pytest.mark.usefixtures("place")
def test_the_desk_counts_in_working_hours() -> None:
    assert promise.plan().hours.time_between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=10)


def test_nothing_is_promised_that_cannot_be_known() -> None:
    assert promise.in_words(MONDAY, None) == "We answer as soon as we can."


def form_at(client: Client, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> str:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return client.get("/enquiry/").content.decode()


@pytest.mark.usefixtures("place")
def test_the_form_names_the_day_and_moves_on_at_closing_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    closing = datetime(2026, 11, 23, 18, 30, tzinfo=YUKON)
    last_minute = closing - timedelta(minutes=1)
    assert "We answer by Tuesday 24\N{NO-BREAK SPACE}November, 18:30." in form_at(client, monkeypatch, last_minute)
    assert "We answer by Wednesday 25\N{NO-BREAK SPACE}November, 18:30." in form_at(client, monkeypatch, closing)


@pytest.mark.usefixtures("place")
def test_a_pages_copy_ends_when_its_promise_changes(visit: HttpRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    assert "We answer by Tuesday 24\N{NO-BREAK SPACE}November, 18:30." in enquiry_form_html(
        visit, about=None, heading=""
    )
    assert visit.META[ENDS] == [datetime(2026, 11, 23, 18, 30, tzinfo=YUKON)]


def test_a_form_that_is_shown_again_has_the_promise_as_well(client: Client) -> None:
    page = client.post("/enquiry/", answers(name="")).content.decode()
    assert "We answer by " in page


def test_a_form_without_hours_promises_a_weekday(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "We answer by Tuesday 24\N{NO-BREAK SPACE}November, 17:00." in form_at(client, monkeypatch, MONDAY)


def test_a_clinic_that_is_closed_for_a_year_promises_no_day(place: LocationPage, client: Client) -> None:
    today = timezone.localdate()
    Closure.objects.create(location=place, first_day=today, last_day=today + timedelta(days=999), reason="Move")
    assert "We answer as soon as we can." in client.get("/enquiry/").content.decode()


@pytest.mark.usefixtures("database_gone")
def test_without_a_database_the_form_promises_nothing_that_is_not_known(client: Client) -> None:
    page = client.get("/enquiry/").content.decode()
    assert "We answer as soon as we can." in page
    assert 'name="message"' in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_form_follows_the_desks_settings_and_a_new_closure_at_once(place: LocationPage, client: Client) -> None:
    def promised() -> str:
        return client.get("/enquiry/").content.decode().partition("We answer by ")[2].partition(".")[0]

    first = promised()
    assert promised() == first
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 5})
    second = promised()
    assert second not in {"", first}
    today = timezone.localdate()
    place.closures.add(Closure(first_day=today, last_day=today + timedelta(days=9), reason="Move"))
    place.save_revision().publish()
    assert promised() not in {"", first, second}
