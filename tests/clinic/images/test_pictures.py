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


@pytest.mark.parametrize(
    ("description", "decorative", "refused"),
    [
        ("A river under ice", False, []),
        ("", True, []),
        ("A river under ice", True, ["is_decorative"]),
        *((blank, False, ["description"]) for blank in ("", "   ", "\n")),
    ],
)
def test_a_picture_has_a_description_or_is_decorative(description: str, decorative: bool, refused: list[str]) -> None:
    errors: list[str] = []
    try:
        ClinicImage(title="x", description=description, is_decorative=decorative).clean()
    except ValidationError as error:
        errors = list(error.message_dict)
    assert errors == refused


def test_the_alternative_text_is_the_description_and_never_the_file_name() -> None:
    assert factories.make_image("A river under ice").default_alt_text == "A river under ice"
    assert 'alt=""' in str(picture(ready("", decorative=True), "card"))


def test_a_picture_has_an_empty_alt_text_on_a_card_and_its_description_on_the_page(client: Client) -> None:
    image = ready()
    make_renditions(image, "lead")
    service = factories.make_service(lead_image=image)
    assert Markup(client.get("/services/").content.decode()).attributes("img", "alt") == [""]
    assert "A river under ice" in Markup(client.get(service.url).content.decode()).attributes("img", "alt")


def ready(description: str = "A river under ice", *, decorative: bool = False) -> ClinicImage:
    """Return a picture whose renditions are made."""
    image = factories.make_image(description, decorative=decorative)
    make_renditions(image, "card")
    return image


def test_a_picture_offers_each_box_in_each_format() -> None:
    html = str(picture(ready(), "card"))
    assert html.count("<source") == 3 - 1  # the last format is in the <img> itself
    assert html.index(".avif") < html.index(".webp") < html.index(".jpg")
    assert html.count(".avif") == html.count(".webp") == len(SHAPES["card"].boxes)
    assert re.search(r'<img[^>]* height="\d+"[^>]* width="\d+"', html)
    assert 'loading="lazy"' in html
    assert 'alt="A river under ice"' in html
    assert f'sizes="{SHAPES["card"].sizes}"' in html


def test_the_first_picture_of_a_page_is_fetched_at_once() -> None:
    html = str(picture(ready(), "card", lazy=False))
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


def test_a_picture_that_is_not_ready_in_its_shape_is_shown_in_another() -> None:
    html = str(picture(ready(), "portrait"))
    assert "fill-480x270" in html
    assert f'sizes="{SHAPES["portrait"].sizes}"' in html


def test_a_picture_that_is_not_ready_at_all_is_left_out_and_nothing_is_made_for_it() -> None:
    image = factories.make_image()
    assert picture(image, "hero") == ""
    assert not image.renditions.exists()


def test_a_format_that_is_missing_leaves_the_others() -> None:
    image = ready()
    image.renditions.filter(filter_spec__contains="avif").delete()
    html = str(picture(ClinicImage.objects.get(pk=image.pk), "card"))
    assert "avif" not in html
    assert html.count(".webp") == 2
