"""Where the clinic is, and the hours editors give it."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.lib.opening_hours import WEEKDAYS
from clinic.models import ClinicDetails, Closure, LocationPage, OpeningHours
from clinic.models.hours import Weekday
from tests import factories
from tests.markup import Markup

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_weekdays_are_numbered_as_python_numbers_them() -> None:
    assert [day.label for day in Weekday] == list(WEEKDAYS)
    assert date(2026, 1, 5).weekday() == Weekday.MONDAY


@pytest.mark.parametrize("closes", [time(9), time(8, 59)])
def test_closing_comes_after_opening(closes: time) -> None:
    with pytest.raises(ValidationError) as error:
        OpeningHours(weekday=0, opens=time(9), closes=closes).clean()
    assert list(error.value.message_dict) == ["closes"]


def test_hours_within_one_day_are_taken() -> None:
    row = OpeningHours(weekday=2, opens=time(9), closes=time(17))
    row.clean()
    assert str(row) == "Wednesday 09:00–17:00"


def test_hours_that_are_not_filled_in_are_left_to_their_fields() -> None:
    OpeningHours(weekday=0).clean()
    Closure(reason="Christmas").clean()
    with pytest.raises(ValidationError) as error:
        OpeningHours(weekday=0).clean_fields(exclude=["location"])
    assert set(error.value.message_dict) == {"opens", "closes"}


def test_a_closure_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError) as error:
        Closure(first_day=date(2026, 12, 25), last_day=date(2026, 12, 24), reason="Christmas").clean()
    assert list(error.value.message_dict) == ["last_day"]
    one_day = Closure(first_day=date(2026, 12, 25), last_day=date(2026, 12, 25), reason="Christmas")
    one_day.clean()
    assert str(one_day) == "Christmas, 2026-12-25 to 2026-12-25"


def test_the_schedule_is_made_from_hours_and_closures() -> None:
    location = factories.make_location()
    factories.add_hours(location, 0)
    today = timezone.localdate()
    Closure.objects.create(location=location, first_day=today, last_day=today, reason="Holiday")
    schedule = LocationPage.objects.get(pk=location.pk).schedule
    assert schedule.hours == [(0, time(9), time(17))]
    assert schedule.closures == [(today, today, "Holiday")]


def test_the_location_page_shows_address_hours_and_coming_closures(client: Client) -> None:
    location = factories.make_location(
        street="12 Sample Street",
        postal_code="Y1A 0A1",
        parking="<p>Behind the house.</p>",
        accessibility="<p>No step.</p>",
    )
    factories.add_hours(location, 0, "08:30")
    soon = timezone.localdate() + timedelta(days=5)
    Closure.objects.create(location=location, first_day=soon, last_day=soon, reason="Stocktaking")
    over = timezone.localdate() - timedelta(days=5)
    Closure.objects.create(location=location, first_day=over, last_day=over, reason="Long over")
    page = client.get(location.url).content.decode()
    for words in (
        "12 Sample Street",
        "Y1A 0A1",
        "Whitehorse",
        "8:30",
        "5\N{NO-BREAK SPACE}p.m.",
        "Behind the house.",
        "No step.",
    ):
        assert words in page
    assert "Stocktaking" in page
    assert "Long over" not in page


def test_the_locations_page_lists_the_places_that_are_published(client: Client) -> None:
    factories.make_location()
    factories.make_location("Dawson", street="2 Front Street", live=False)
    page = client.get("/locations/").content.decode()
    assert 'href="/locations/whitehorse/"' in page
    assert "2 Front Street" not in page


def test_the_locations_page_shows_the_way_there_itself(client: Client) -> None:
    place = factories.make_location(street="12-3A Sample Street", map_is_drawn=True)
    factories.add_hours(place, 0)
    page = client.get("/locations/").content.decode()
    assert '<span class="copy">12-3A Sample Street, Whitehorse, Yukon</span>' in page
    assert "we are on Sample Street, between" in page
    assert "9\N{NO-BREAK SPACE}a.m. to 5\N{NO-BREAK SPACE}p.m." in page


def test_the_only_place_tells_its_way_and_parking_on_the_locations_page_too(client: Client) -> None:
    factories.make_location(directions="<p>Along the river trail.</p>", parking="<p>Behind the house.</p>")
    page = Markup(client.get("/locations/").content.decode())
    assert {"Along the river trail.", "Behind the house."} <= set(page.texts("p"))
    assert {"How to get here", "Parking"} <= set(page.texts("h3"))
    factories.make_location("Dawson", street="2 Front Street")
    assert "Parking" not in Markup(client.get("/locations/").content.decode()).texts("h3")


@pytest.mark.parametrize(
    ("street", "name"),
    [("1 Sample Street", "Sample Street"), ("204B Main Street", "Main Street"), ("Main Street", "Main Street")],
)
def test_the_drawn_map_names_the_street_of_the_address(street: str, name: str) -> None:
    assert LocationPage(street=street).street_name == name


def test_the_main_location_stands_at_the_foot_of_every_page(client: Client, details: ClinicDetails) -> None:
    location = factories.make_location(street="12 Sample Street")
    details.main_location = location
    details.save()
    assert "12 Sample Street" in client.get("/search/").content.decode()
    location.delete()
    assert ClinicDetails.objects.get().main_location is None
    assert client.get("/search/").status_code == 200


@pytest.mark.parametrize(("field", "value"), [("latitude", "90.1"), ("latitude", "-91"), ("longitude", "181")])
def test_coordinates_lie_on_the_globe(field: str, value: str) -> None:
    coordinate: dict[str, Any] = {field: Decimal(value)}
    with pytest.raises(ValidationError) as error:
        factories.make_location(**coordinate)
    assert field in error.value.message_dict


def test_coordinates_of_the_clinic_are_taken_and_drawn_with_a_point(client: Client) -> None:
    location = factories.make_location(latitude=Decimal("60.721500"), longitude=Decimal("-135.056800"))
    page = client.get(location.url).content.decode()
    assert "60.7215" in page
    assert "-135.0568" in page
