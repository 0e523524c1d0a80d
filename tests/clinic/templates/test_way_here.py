"""How patients find the clinic: our own map, an address to copy, and the way into their own map."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from clinic.images.pictures import SHAPES
from clinic.images.renditions import make_renditions
from tests import factories
from tests.markup import Markup

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

MIDDLE = {"latitude": Decimal("60.721200"), "longitude": Decimal("-135.056800")}


def shown(client: Client, **fields: Any) -> str:
    return client.get(factories.make_location(**fields).url).content.decode()


def test_the_address_stands_in_one_line_to_copy(client: Client) -> None:
    page = shown(client, street="1 Sample Street", postal_code="Y1A 0Z0")
    assert '<span class="copy">1 Sample Street, Whitehorse, Yukon Y1A 0Z0</span>' in page


def test_a_known_place_opens_in_the_readers_own_map(client: Client) -> None:
    links = Markup(shown(client, **MIDDLE)).attributes("a", "href")
    assert "geo:60.721200,-135.056800" in links
    outside = [link for link in links if link.startswith("https://www.openstreetmap.org/")]
    assert outside == ["https://www.openstreetmap.org/?mlat=60.721200&mlon=-135.056800#map=17/60.721200/-135.056800"]


def test_a_place_without_coordinates_offers_no_map_that_would_lead_nowhere(client: Client) -> None:
    page = shown(client, latitude=Decimal("60.7"))
    assert "geo:" not in page
    assert "openstreetmap" not in page


def test_the_drawn_map_is_shown_where_editors_say_so(client: Client) -> None:
    assert 'class="map"' not in shown(client, title="Haines Junction")
    assert 'class="map"' in shown(client, map_is_drawn=True)


def test_an_editors_own_map_takes_the_place_of_the_drawn_one(client: Client) -> None:
    image = factories.make_image("A map of our street")
    make_renditions(image, *SHAPES)
    page = shown(client, map_is_drawn=True, map_image=image)
    assert 'alt="A map of our street"' in page
    assert 'class="map"' not in page


def test_no_map_is_loaded_from_elsewhere(client: Client) -> None:
    page = Markup(shown(client, map_is_drawn=True, **MIDDLE))
    loaded = [*page.attributes("img", "src"), *page.attributes("iframe", "src"), *page.attributes("script", "src")]
    assert [address for address in loaded if address.startswith(("http", "//"))] == []
