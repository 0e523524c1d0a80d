"""The picture that messengers show of a page: drawn with its title, kept, and never the wrong one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from clinic.images.sharing import card, serving
from clinic.images.sharing.address import picture_address
from clinic.models import StandardPage
from clinic.seo.meta import page_meta
from tests import factories
from tests.markup import Markup

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from clinic.models import BasePage, ClinicDetails, HomePage

pytestmark = pytest.mark.django_db

CLINIC = "Fireweed Physiotherapy"


@pytest.fixture(autouse=True)
def _named(details: ClinicDetails) -> None:
    """The clinic's name stands in every picture."""


def fetch(page: BasePage) -> Image.Image:
    response = Client().get(picture_address(page, CLINIC))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(BytesIO(response.content))


def kept_files() -> list[Path]:
    return sorted((Path(settings.STATE_DIR) / "share").glob("*"))


def test_a_page_names_its_picture_with_its_size_and_words(home: HomePage) -> None:
    page = factories.make_standard(share_title="Meet us")
    markup = Markup(Client().get(page.url).content.decode())
    meta = {a["property"]: a["content"] for tag, a in markup.elements if tag == "meta" and "property" in a}
    assert meta["og:image"] == f"http://testserver{picture_address(page, CLINIC)}"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    assert meta["og:image:alt"] == "Meet us"


def test_the_picture_is_drawn_with_and_without_a_lead_picture(home: HomePage) -> None:
    plain = fetch(factories.make_standard("About us"))
    over_picture = fetch(factories.make_standard("Team", lead_image=factories.make_image()))
    assert plain.size == over_picture.size == card.SIZE
    assert plain.tobytes() != over_picture.tobytes()


def test_a_picture_is_drawn_once(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.make_standard()
    fetch(page)
    monkeypatch.setattr(serving, "draw", None)
    fetch(page)
    assert len(kept_files()) == 1


def test_pictures_are_drawn_ahead_so_that_no_messenger_waits(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.make_standard(lead_image=factories.make_image())
    factories.make_standard("Not yet", live=False)
    assert sum(serving.make_all()) == len(kept_files()) == 2
    assert sum(serving.make_all()) == 0
    monkeypatch.setattr(serving, "draw", None)
    fetch(page)


def test_drawing_ahead_comes_to_an_end_where_nothing_can_be_kept(home: HomePage, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state/share").write_text("a file where the folder should be")
    assert sum(serving.make_all()) == 0


def test_a_picture_may_be_kept_for_a_week(home: HomePage) -> None:
    response = Client().get(picture_address(home, CLINIC))
    assert response["Cache-Control"] == "public, max-age=604800"
    assert "Set-Cookie" not in response


def test_a_new_title_is_a_new_address_and_the_old_one_leads_there(home: HomePage) -> None:
    page = factories.make_standard()
    old = picture_address(page, CLINIC)
    fetch(page)
    page.title = "Who we are"
    page.save()
    new = picture_address(page, CLINIC)
    assert new != old
    response = Client().get(old)
    assert (response.status_code, response["Location"]) == (302, new)
    fetch(page)
    assert len(kept_files()) == 1, "the earlier picture is thrown away"


def test_other_words_on_a_page_leave_its_picture_where_it_is(home: HomePage) -> None:
    page = factories.make_standard()
    old = picture_address(page, CLINIC)
    page.introduction = "Four people."
    page.save()
    assert picture_address(page, CLINIC) == old


def test_a_replaced_file_is_drawn_at_the_same_address(home: HomePage) -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    before = fetch(page).tobytes()
    file = BytesIO()
    Image.new("RGB", (400, 300), "orange").save(file, "PNG")
    image.file = ContentFile(file.getvalue(), name="other.png")
    image._set_image_file_metadata()
    image.save()
    assert fetch(page).tobytes() != before


def test_what_an_editor_chose_for_sharing_stays_as_it_is(home: HomePage) -> None:
    page = factories.make_standard(share_image=factories.make_image())
    (_count, colour), *others = fetch(page).getcolors() or []
    assert not others, "no words, no shade"
    assert colour in {(0, 128, blue) for blue in range(124, 133)}


def test_a_picture_whose_file_is_gone_is_drawn_without_it(home: HomePage) -> None:
    image = factories.make_image()
    page = factories.make_standard(lead_image=image)
    image.file.storage.delete(image.file.name)
    assert fetch(page).size == card.SIZE


@pytest.mark.usefixtures("home")
def test_drafts_have_no_picture() -> None:
    page = factories.make_standard(live=False)
    assert Client().get(picture_address(page, CLINIC)).status_code == 404
    assert Client().get("/share/999999-abc.jpg").status_code == 404


def test_a_page_that_is_not_kept_yet_has_no_picture() -> None:
    assert page_meta(StandardPage(title="New"), CLINIC).picture == ""


def test_a_picture_is_answered_where_nothing_can_be_kept(home: HomePage, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state/share").write_text("a file where the folder should be")
    assert fetch(home).size == card.SIZE


def test_naming_the_picture_asks_the_database_nothing(
    home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        picture_address(home, CLINIC)


# The drawing


@pytest.mark.parametrize(
    "title",
    [
        "Fees",
        "Physiotherapy in Whitehorse for pain that gets in the way of your day",
        "word " * 60,
        "Very" * 40,
        "É" * 3,
    ],
)
def test_every_title_fits_its_room(title: str) -> None:
    letters, lines = card.fitted(title, 600)
    assert lines
    assert all(letters.getlength(line) <= 600 for line in lines)
    assert len(lines) * letters.size * card.LINE <= card.TITLE_HEIGHT


def test_a_title_that_is_much_too_long_says_so() -> None:
    _letters, lines = card.fitted("word " * 60, 600)
    assert lines[-1].endswith("…")


def test_a_title_is_broken_into_lines_of_about_one_length() -> None:
    assert card.balanced("Concussion and vestibular care", card.font(84), 900) == ["Concussion and", "vestibular care"]


def test_a_portrait_stands_beside_the_title_and_is_seen_whole() -> None:
    portrait = Image.new("RGB", (600, 600), "white")
    drawn = Image.open(BytesIO(card.draw("Robin Sample", CLINIC, portrait)))
    assert drawn.getpixel((40, 300)) != drawn.getpixel((1150, 300))
    left, right = (drawn.getpixel((x, 200)) for x in (520, 1150))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert sum(left) < 150
    assert sum(right) > 700
