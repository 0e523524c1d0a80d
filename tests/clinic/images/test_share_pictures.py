"""The picture that messengers show of a page: made by the worker, stored, and never outdated."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from clinic.images import share_pictures
from clinic.images.pictures import largest_jpeg
from clinic.images.renditions import make_renditions
from clinic.models import BasePage, ClinicDetails, HomePage, SharePicture
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture(autouse=True)
def _clinic_with_a_name(details: ClinicDetails) -> None:
    """The clinic's name is drawn on every picture."""


def properties(page: BasePage) -> dict[str, str]:
    markup = Markup(Client().get(page.url).content.decode())
    return {values["property"]: values["content"] for tag, values in markup.elements if "property" in values}


def made(page: BasePage) -> Image.Image:
    """Let the worker make what is missing; return the page's share picture as a messenger gets it."""
    share_pictures.make_all()
    response = Client().get(properties(page)["og:image"].removeprefix(HOST))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(BytesIO(response.getvalue()))


def test_a_page_names_its_share_picture_with_its_size_and_title(home: HomePage) -> None:
    page = factories.make_standard(share_title="Meet us")
    assert made(page).size == share_pictures.SIZE
    named = properties(page)
    assert named["og:image"].startswith(f"{HOST}/media/images/share-{page.pk}-")
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")
    assert named["og:image:alt"] == "Meet us"


def test_until_it_is_made_a_page_names_its_lead_pictures_largest_rendition(home: HomePage) -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    assert "og:image" not in properties(page)
    make_renditions(image, "lead")
    rendition = largest_jpeg(image)
    assert rendition
    assert properties(page)["og:image"] == f"{HOST}{rendition.url}"
    assert properties(page)["og:image:width"] == str(rendition.width)


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({"title": "Who we are"}, True),
        ({"share_title": "Meet us"}, True),
        ({"introduction": "Four people."}, False),
    ],
)
def test_the_address_changes_with_what_is_drawn(home: HomePage, change: dict[str, str], is_new: bool) -> None:
    page = factories.make_standard()
    made(page)
    before = properties(page)["og:image"]
    for name, value in change.items():
        setattr(page, name, value)
    page.save()
    assert ("og:image" not in properties(page)) == is_new, "an outdated picture is not named"
    made(page)
    assert (properties(page)["og:image"] != before) == is_new


def test_a_replaced_file_is_drawn_anew(home: HomePage) -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    before = made(page).tobytes()
    file = BytesIO()
    Image.new("RGB", (400, 300), "orange").save(file, "PNG")
    image.file = ContentFile(file.getvalue(), name="other.png")
    image._set_image_file_metadata()
    image.save()
    page.refresh_from_db()
    assert made(page).tobytes() != before


def test_the_file_of_an_outdated_or_withdrawn_picture_is_deleted(
    home: HomePage, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]]
) -> None:
    page = factories.make_standard()
    made(page)
    first = str(SharePicture.objects.get(page=page))
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Who we are"
        page.save()
        made(page)
    second = str(SharePicture.objects.get(page=page))
    assert [default_storage.exists(name) for name in (first, second)] == [False, True]
    page.unpublish()
    with django_capture_on_commit_callbacks(execute=True):
        share_pictures.make_all()
    assert not default_storage.exists(second)


def test_a_picture_chosen_for_sharing_is_only_cut_to_size(home: HomePage) -> None:
    page = factories.make_standard(share_image=factories.make_image())
    (_count, colour), *others = made(page).getcolors() or []
    assert not others, "no words, no shade"
    assert colour in {(0, 128, blue) for blue in range(124, 133)}


def test_a_lead_picture_without_its_file_is_replaced_by_the_plain_background(home: HomePage) -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    image.file.storage.delete(image.file.name)
    assert made(page).size == share_pictures.SIZE


@pytest.mark.parametrize(
    "title", ["Fees", "Physiotherapy in Whitehorse for pain that limits your day", "word " * 40, "Very" * 26, "É" * 3]
)
def test_every_title_fits(title: str) -> None:
    letters, lines = share_pictures.fit(title.strip(), 600)
    assert all(letters.getlength(line) <= 600 for line in lines)
    assert len(lines) * letters.size * share_pictures.LINE_HEIGHT <= share_pictures.TITLE_HEIGHT
    assert lines[-1].endswith("…") == (len(title) > 100)
