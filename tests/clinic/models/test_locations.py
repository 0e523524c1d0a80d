from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.images.pictures import SHAPES
from clinic.images.renditions import make_renditions
from clinic.models import ClinicDetails, Closure, LocationPage, OpeningHours
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup

pytestmark = pytest.mark.django_db

CHRISTMAS = date(2026, 12, 25)


def test_hours_and_closures_end_after_they_begin() -> None:
    hours, unfinished = OpeningHours(weekday=2, opens=time(9), closes=time(17)), OpeningHours(weekday=2)
    hours.clean()
    unfinished.clean()  # what is missing is reported at its own field
    assert (str(hours), str(unfinished)) == ("Wednesday 09:00–17:00", "Wednesday …–…")
    Closure(first_day=CHRISTMAS, last_day=CHRISTMAS).clean()
    with pytest.raises(ValidationError, match="closes"):
        OpeningHours(weekday=0, opens=time(9), closes=time(9)).clean()
    with pytest.raises(ValidationError, match="last_day"):
        Closure(first_day=CHRISTMAS, last_day=CHRISTMAS - timedelta(days=1)).clean()


def test_the_location_page_shows_address_hours_and_coming_closures(client: Client) -> None:
    texts = {"parking": "<p>Behind the house.</p>", "accessibility": "<p>No step.</p>", "postal_code": "Y1A 0A1"}
    # Without a longitude.
    location = factories.make_location(street="12 Sample Street", latitude=Decimal("60.7"), **texts)
    factories.add_hours(location, 0, "08:30")
    for reason, days in (("Stocktaking", 5), ("Long over", -5)):
        day = timezone.localdate() + timedelta(days=days)
        Closure.objects.create(location=location, first_day=day, last_day=day, reason=reason)
    page = client.get(location.url).text
    address, hours = ("12 Sample Street", "Y1A 0A1", "Whitehorse"), ("8:30", "5\N{NO-BREAK SPACE}p.m.", "Stocktaking")
    for words in (*address, *hours, "Behind the house.", "No step."):
        assert words in page
    assert "Long over" not in page
    assert "openstreetmap" not in page


def breadcrumbs(client: Client, address: str) -> str:
    return client.get(address).text.partition("<main")[0].partition("Breadcrumbs")[2]


def test_the_locations_page_leads_to_the_only_location_or_lists_several_with_map_and_hours(client: Client) -> None:
    place = factories.make_location(street="12-3A Sample Street", map_is_drawn=True)
    factories.add_hours(place, 0)
    other = factories.make_location("Dawson", street="2 Front Street", live=False)
    assert client.get("/locations/").headers["Location"] == place.url
    assert 'href="/locations/"' not in breadcrumbs(client, place.url)
    sitemap = client.get("/sitemap.xml").text
    assert "/locations/whitehorse/<" in sitemap
    assert "/locations/<" not in sitemap
    other.save_revision().publish()
    page = client.get("/locations/").text
    for words in ('href="/locations/whitehorse/"', "2 Front Street", "we are on Sample Street, between"):
        assert words in page
    assert '<span class="copy">12-3A Sample Street, Whitehorse, Yukon</span>' in page
    assert "9\N{NO-BREAK SPACE}a.m. to 5\N{NO-BREAK SPACE}p.m." in page
    assert 'href="/locations/"' in breadcrumbs(client, place.url)


def test_the_main_location_is_in_the_footer_of_every_page(client: Client, details: ClinicDetails) -> None:
    location = factories.make_location(street="12 Sample Street")
    details.main_location = location
    details.save()
    assert "12 Sample Street" in client.get("/search/").text
    location.delete()
    assert ClinicDetails.objects.get().main_location is None
    assert client.get("/search/").status_code == 200


def test_a_location_opens_in_the_visitors_own_map_beside_the_drawn_one_or_the_editors_own(client: Client) -> None:
    place = factories.make_location(latitude=Decimal("60.721200"), longitude=Decimal("-135.056800"))
    page = client.get(place.url).text
    links = Markup(page).attributes("a", "href")
    assert "geo:60.721200,-135.056800" in links
    outside = [link for link in links if link.startswith("https://www.openstreetmap.org/")]
    assert outside == ["https://www.openstreetmap.org/?mlat=60.721200&mlon=-135.056800#map=17/60.721200/-135.056800"]
    assert 'class="map"' not in page
    place.map_is_drawn = True
    place.save()
    assert 'class="map"' in client.get(place.url).text
    place.map_image = factories.make_image("A map of our street")
    place.save()
    make_renditions(place.map_image, *SHAPES)
    page = client.get(place.url).text
    assert 'alt="A map of our street"' in page
    assert 'class="map"' not in page


def publish(client: Client, rows: dict[str, list[dict[str, Any]]], **more: str) -> Any:
    """Publish a location with these rows; return the answer."""
    page = LocationPage.objects.first() or factories.make_location()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    editor = client.get(address)
    assert "dates_are_right" not in editor.text
    answers = answers_of(editor.context["form"]) | {"action-publish": "1"} | more
    for name, values in rows.items():
        answers[f"{name}-TOTAL_FORMS"] = str(len(values))
        for number, value in enumerate(values):
            order = {"id": "", "DELETE": "", "ORDER": str(number + 1)}
            answers |= {f"{name}-{number}-{key}": str(text) for key, text in (order | value).items()}
    return client.post(address, answers)


def test_hours_that_overlap_are_refused_with_what_patients_would_read(as_manager: Client) -> None:
    day, morning, afternoon = (
        {"weekday": 0, "opens": opens, "closes": closes}
        for opens, closes in (("09:00", "17:00"), ("09:00", "12:00"), ("12:00", "17:00"))
    )
    for stretches, refused_row in (([afternoon, day], 0), ([day, day], 1)):
        rows = publish(as_manager, {"hours": stretches}).context["form"].formsets["hours"]
        (error,) = rows.forms[refused_row].errors["opens"]
        assert "patients would read “Monday: 9\N{NO-BREAK SPACE}a.m. to" in error
    assert publish(as_manager, {"hours": [afternoon, morning]}).status_code == 302


@pytest.mark.parametrize(
    ("first_in_days", "length", "words"),
    [(10, 42, []), (10, 43, ["43 days until", "Patients will read “Closed "]), (-800, 3, ["it is over"])],
)
def test_an_unlikely_closure_is_confirmed(
    as_manager: Client, first_in_days: int, length: int, words: list[str]
) -> None:
    first = timezone.localdate() + timedelta(days=first_in_days)
    closure = {"first_day": first, "last_day": first + timedelta(days=length - 1), "reason": "Renovation"}
    response = publish(as_manager, {"closures": [closure]})
    assert (response.status_code == 302) is (not words)
    for part in words:
        assert part in str(response.context["form"].formsets["closures"].forms[0].errors["last_day"])
        assert 'name="dates_are_right"' in response.text
    assert not words or publish(as_manager, {"closures": [closure]}, dates_are_right="on").status_code == 302
