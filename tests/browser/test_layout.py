from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, UPRIGHT
from tests.browser.places import PAGES, box_of, enlarge_text, usual_text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEADING_SIZES = "[...document.querySelectorAll('h1, h2, h3')].map((one) => parseFloat(getComputedStyle(one).fontSize))"


def test_search_is_in_the_header_at_every_width_beside_the_whole_name(demo: None, reader: Page) -> None:
    reader.goto("/fees/")
    search = reader.get_by_role("banner").get_by_role("link", name="Search")
    for width in (320, 344, 360, 390, 414, 600, 768, 900, 1280, 1344, 1440, 1920):
        reader.set_viewport_size({"width": width, "height": 800})
        box, name, header = map(box_of, (search, reader.locator(".header__home span"), reader.get_by_role("banner")))
        # The name has two rows at most; the header one, or two where the menu has its own.
        assert name["height"] < 50, width
        assert header["height"] < (80 if width < 768 else 125), width
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] + box["width"] <= width
    search.click()
    reader.wait_for_url("**/search/")


def test_a_tap_on_a_picture_opens_the_page_of_its_card_in_light_and_in_dark(demo: None, reader: Page) -> None:
    reader.set_viewport_size(PHONE)
    pictures = (("/services/", ".card__picture"), ("/team/", ".person__portrait"))
    for scheme, (path, picture) in product(SCHEMES, pictures):
        reader.emulate_media(color_scheme=scheme)
        reader.goto(path)
        reader.locator(picture).first.click(force=True)  # whatever is on top of the picture
        reader.wait_for_url(f"**{path}*/")


def test_headings_grow_as_much_as_the_text(demo: None, reader: Page) -> None:
    reader.goto(PAGES["treatments"])
    for window in (PHONE, UPRIGHT):
        reader.set_viewport_size(window)
        usual = reader.evaluate(HEADING_SIZES)
        assert usual
        enlarge_text(reader)
        assert reader.evaluate(HEADING_SIZES) == [2 * size for size in usual], window
        usual_text(reader)
