from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from clinic.images import share_pictures
from clinic.images.pictures import largest_jpeg
from clinic.images.renditions import make_renditions
from clinic.models import BasePage
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.usefixtures("details")  # the clinic's name is drawn on every picture
HOST = "http://testserver"


def properties(page: BasePage) -> dict[str, str]:
    return Markup(Client().get(page.url).text).metas()


def made(page: BasePage) -> Image.Image:
    """Let the worker make what is missing; return the page's share picture as a messenger gets it."""
    share_pictures.make_all()
    response = Client().get(properties(page)["og:image"].removeprefix(HOST))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(BytesIO(response.getvalue()))


def test_a_page_names_its_lead_picture_until_a_share_picture_with_its_title_is_made() -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image, share_title="Meet us")
    assert "og:image" not in properties(page)
    make_renditions(image, "lead")
    rendition = largest_jpeg(image)
    assert rendition
    named = properties(page)
    assert (named["og:image"], named["og:image:width"]) == (f"{HOST}{rendition.url}", str(rendition.width))
    assert made(page).size == share_pictures.SIZE
    named = properties(page)
    assert named["og:image"].startswith(f"{HOST}/media/images/share-{page.pk}-")
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")
    assert named["og:image:alt"] == "Meet us"


def test_an_outdated_picture_is_neither_named_nor_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = factories.make_standard()
    made(page)
    first = properties(page)["og:image"]
    page.introduction = "Four people."  # which is not drawn
    page.save()
    assert properties(page)["og:image"] == first
    page.title = "Who we are"
    page.save()
    assert "og:image" not in properties(page)
    with django_capture_on_commit_callbacks(execute=True):
        made(page)
    second = properties(page)["og:image"]
    files = [address.removeprefix(f"{HOST}/media/") for address in (first, second)]
    assert [default_storage.exists(file) for file in files] == [False, True]
    page.unpublish()
    with django_capture_on_commit_callbacks(execute=True):
        share_pictures.make_all()
    assert not default_storage.exists(files[1])


def test_a_replaced_file_is_drawn_anew_and_without_its_file_the_plain_background_is() -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    before = made(page).tobytes()
    Image.new("RGB", (400, 300), "orange").save(file := BytesIO(), "PNG")
    image.file = ContentFile(file.getvalue(), name="other.png")
    image._set_image_file_metadata()
    image.save()
    page.refresh_from_db()
    assert made(page).tobytes() != before
    image.file.storage.delete(image.file.name)
    page.title = "Who we are"
    page.save()
    assert made(page).size == share_pictures.SIZE


def test_a_picture_chosen_for_sharing_is_only_cut_to_size() -> None:
    page = factories.make_standard(share_image=factories.make_image())
    (_count, colour), *others = made(page).getcolors() or []
    assert not others, "no words, no shade"
    assert colour in {(0, 128, blue) for blue in range(124, 133)}


@pytest.mark.parametrize(
    "title", ["Fees", "Physiotherapy in Whitehorse for pain that limits your day", "word " * 40, "Very" * 26, "É" * 3]
)
def test_every_title_fits(title: str) -> None:
    letters, lines = share_pictures.fit(title.strip(), 600)
    assert all(letters.getlength(line) <= 600 for line in lines)
    assert len(lines) * letters.size * share_pictures.LINE_HEIGHT <= share_pictures.TITLE_HEIGHT
    assert lines[-1].endswith("…") == (len(title) > 100)
