"""Large text, narrow windows, the reader's own spacing and colours, paper: nothing is cut off, covered or lost."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PAGES, PLACES, enlarge_text, open_everything, open_place, usual_text
from tests.browser.scripts import script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NARROW: ViewportSize = {"width": 320, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
SPACING = script("spacing")
USUAL_SPACING = "() => { document.adoptedStyleSheets = []; }"
# The last crumb repeats the heading below; a caption right below a heading, and the form's where the page's says the
# same, are for screen readers alone.
HIDDEN = (
    ".hidden, li[aria-current], h2 + .fees .fees__caption, .story--form .enquiry__heading, .enquiry-form__trap, svg,"
    " input, textarea"
)
CUT_OFF = script("cut_off")
IN_PIECES = script("in_pieces")
TOO_SMALL = script("too_small")
WITHOUT_EDGE = script("without_edge")
MOVING = script("moving")
ON_PAPER = script("on_paper")
HEADING_SIZES = (
    "() => [...document.querySelectorAll('h1, h2, h3')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_cut_off_too_small_or_moving_whatever_the_reader_sets(
    demo: None, browser: Browser, live_server: LiveServer, place: str
) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=PHONE).new_page()
    open_place(page, place)
    open_everything(page)
    assert {setting: found for setting, found in problems(page).items() if found} == {}


def test_search_is_in_the_header_at_every_width_beside_the_whole_name(
    demo: None, browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_context(base_url=live_server.url).new_page()
    page.goto("/fees/")
    search, name = page.get_by_role("banner").get_by_role("link", name="Search"), page.locator(".header__home span")
    for width in (320, 344, 360, 390, 414, 600, 768, 900, 1280, 1344, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        box, name_box = search.bounding_box(), name.bounding_box()
        header = page.get_by_role("banner").bounding_box()
        assert box is not None, width
        assert name_box is not None
        assert header is not None
        # The name has two rows at most; the header one, or two where the menu has its own.
        assert name_box["height"] < 50, width
        assert header["height"] < (80 if width < 768 else 125), width
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] + box["width"] <= width
    search.click()
    page.wait_for_url("**/search/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_tap_on_a_picture_opens_the_page_of_its_card(
    demo: None, browser: Browser, live_server: LiveServer, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=PHONE, color_scheme=scheme).new_page()
    for path, picture in (("/services/", ".card__picture"), ("/team/", ".person__portrait")):
        page.goto(path)
        page.locator(picture).first.click(force=True)  # whatever is on top of the picture
        page.wait_for_url(f"**{path}*/")


@pytest.mark.parametrize("window", [PHONE, TABLET])
def test_headings_grow_as_much_as_the_text(
    demo: None, browser: Browser, live_server: LiveServer, window: ViewportSize
) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=window).new_page()
    page.goto(PAGES["treatments"])
    usual = page.evaluate(HEADING_SIZES)
    enlarge_text(page)
    assert page.evaluate(HEADING_SIZES) == [2 * size for size in usual]


def problems(page: Page) -> dict[str, list[str]]:
    """Return what is wrong with the page, by what the reader has set."""
    found: dict[str, list[str]] = {"targets for a thumb": page.evaluate(TOO_SMALL)}
    enlarge_text(page)
    for window in (NARROW, TABLET, DESKTOP):
        page.set_viewport_size(window)
        found[f"{window['width']} pixels, text at 200 %"] = lost(page)
    usual_text(page)
    page.set_viewport_size(LAPTOP)
    page.evaluate(SPACING)
    found["1280 pixels, wide spacing"] = lost(page)
    page.set_viewport_size(NARROW)
    found["320 pixels, wide spacing"] = lost(page)
    page.evaluate(USUAL_SPACING)
    found["320 pixels"] = lost(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(forced_colors="active")
    found["forced colours"] = page.evaluate(WITHOUT_EDGE)
    page.emulate_media(forced_colors="none", reduced_motion="reduce")
    found["less motion"] = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference", media="print", color_scheme="dark")
    found["paper"] = page.evaluate(ON_PAPER)
    page.emulate_media(media="screen", color_scheme="light")
    return found


def lost(page: Page) -> list[str]:
    """Return what cannot be seen, or not be read, at the page's present size and text."""
    return [*page.evaluate(CUT_OFF, HIDDEN), *page.evaluate(IN_PIECES, HIDDEN)]
