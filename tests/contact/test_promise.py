"""One promise: at the form, on the receipt, in its mail and for the desk."""

from datetime import date, datetime, time, timedelta
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from clinic.models import ClinicDetails, LocationPage
from clinic.models.location import Closure, OpeningHours
from contact import letters, promise, receiving
from contact.forms import EnquiryForm
from contact.models import DeskSettings, Enquiry, Message
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
    return receiving.receive(form.cleaned_data, now=now)


@pytest.mark.usefixtures("place")
def test_an_enquiry_is_due_when_the_next_open_day_closes() -> None:
    assert receive().due_at == TUESDAY_EVENING


def test_closures_and_the_desks_settings_move_the_day(place: LocationPage) -> None:
    Closure.objects.create(location=place, first_day=date(2026, 11, 24), last_day=date(2026, 11, 24), reason="Storm")
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 2})
    assert receive().due_at == TUESDAY_EVENING + timedelta(days=2)


def test_an_enquiry_is_never_lost_over_the_reckoning_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise.Plan, "read", Mock(side_effect=ZeroDivisionError))
    enquiry = receive()
    assert enquiry.due_at is None
    assert Message.objects.filter(enquiry=enquiry).count() == 2


def test_the_receipts_mail_names_the_day() -> None:
    enquiry = make_enquiry(received_at=MONDAY, due_at=TUESDAY_EVENING)
    message = make_message(enquiry=enquiry, kind=Message.Kind.PATIENT_RECEIPT, recipient="sam@example.com")
    assert "We answer by Tuesday 24 November, 18:30." in letters.write(message).body


@pytest.mark.usefixtures("place")
def test_the_desk_counts_in_working_hours() -> None:
    assert promise.working_waiting(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=10)


def test_without_a_day_the_number_of_days_is_named() -> None:
    assert promise.in_words(MONDAY, None) == "We answer within 1 working day."
    DeskSettings.objects.update_or_create(defaults={"reply_within_days": 3})
    assert promise.in_words(MONDAY, None) == "We answer within 3 working days."


def test_nothing_is_promised_that_cannot_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise.Plan, "read", Mock(side_effect=OperationalError))
    assert promise.in_words(MONDAY, None) == "We answer as soon as we can."
