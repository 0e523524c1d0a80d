"""No picture without words for those who cannot see it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from clinic.images.pictures import SHAPES, picture
from clinic.images.renditions import make_renditions
from clinic.models import ClinicImage
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> ClinicImage:
    """A picture that is ready to be shown on a card."""
    image = factories.make_image("A river under ice")
    make_renditions(image, "card")
    return image


def test_a_picture_has_a_description_or_is_decorative() -> None:
    ClinicImage(description="A river under ice").clean()
    ClinicImage(is_decorative=True).clean()
    with pytest.raises(ValidationError, match="is_decorative"):
        ClinicImage(description="A river under ice", is_decorative=True).clean()
    for blank in ("", "   ", "\n"):
        with pytest.raises(ValidationError, match="description"):
            ClinicImage(description=blank).clean()


def test_a_picture_has_no_alt_text_on_a_card_and_its_description_on_the_page(
    client: Client, image: ClinicImage
) -> None:
    make_renditions(image, "lead")
    service = factories.make_service(lead_image=image)
    assert Markup(client.get("/services/").text).attributes("img", "alt") == [""]
    assert "A river under ice" in Markup(client.get(service.url).text).attributes("img", "alt")


def test_a_picture_offers_each_box_in_each_format_and_the_first_one_is_fetched_at_once(image: ClinicImage) -> None:
    html = str(picture(image, "card"))
    assert html.count("<source") == 3 - 1  # the last format is in the <img> itself
    assert html.index(".avif") < html.index(".webp") < html.index(".jpg")
    assert html.count(".avif") == html.count(".webp") == len(SHAPES["card"].boxes)
    assert re.search(r'<img[^>]* height="\d+"[^>]* width="\d+"', html)
    assert 'loading="lazy"' in html
    assert f'sizes="{SHAPES["card"].sizes}"' in html
    first = str(picture(image, "card", lazy=False))
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first


def test_a_picture_that_is_not_ready_is_shown_in_another_shape_or_format_or_left_out(image: ClinicImage) -> None:
    html = str(picture(image, "portrait"))
    assert "fill-480x270" in html
    assert f'sizes="{SHAPES["portrait"].sizes}"' in html
    image.renditions.filter(filter_spec__contains="avif").delete()
    html = str(picture(ClinicImage.objects.get(), "card"))
    assert "avif" not in html
    assert html.count(".webp") == 2
    image.renditions.all().delete()
    assert picture(ClinicImage.objects.get(), "hero") == ""
    assert not image.renditions.exists(), "nothing is made for it"
