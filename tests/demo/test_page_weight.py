"""The whole first view of every page is in the first packets: the page as it is sent, its style sheet included."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from clinic.frontend.postprocess import FIRST_FLIGHT_BYTES, PICTURES_IN_FIRST_VIEW_BYTES, on_the_wire
from clinic.frontend.stylesheet import stylesheet
from clinic.page_cache.store import CachedResponse
from tests.demo.loading import DRAWN, PICTURES

pytestmark = pytest.mark.django_db
LONGEST = "/services/ims-dry-needling/"


def sent(content: bytes) -> int:
    """Return the bytes of the cached page for today's browsers."""
    return len(CachedResponse.build(content, [], version="", expires_at=0).bodies["br"])


def test_every_page_fits_into_the_first_flight_and_only_long_treatments_fetch_some_of_their_rules(
    demo: dict[str, Any], client: Client
) -> None:
    contents = {path: client.get(path).content for path in [*DRAWN, "/enquiry/", "/search/?q=pain"]}
    assert {path: sent(content) for path, content in contents.items() if sent(content) > FIRST_FLIGHT_BYTES} == {}
    fetching = {path for path, content in contents.items() if stylesheet().link in content.decode()}
    assert {path for path in fetching if not path.startswith("/services/")} == set()


def test_the_quick_estimate_is_never_too_small(demo: dict[str, Any], client: Client) -> None:
    for path in ("/", LONGEST):
        content = client.get(path).content
        assert sent(content) <= on_the_wire(content.decode()) <= 1.3 * sent(content)


def test_the_first_picture_on_a_phone_is_light_in_either_format() -> None:
    """The heaviest picture of the demo, in the largest box that a phone takes."""
    with Image.open(PICTURES / "first-snow.jpg") as opened:
        picture = opened.resize((1024, 576))
    for kind, quality in (("AVIF", settings.WAGTAILIMAGES_AVIF_QUALITY), ("WEBP", settings.WAGTAILIMAGES_WEBP_QUALITY)):
        file = BytesIO()
        picture.save(file, kind, quality=quality)
        assert len(file.getvalue()) <= PICTURES_IN_FIRST_VIEW_BYTES, kind
