from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.axe import each_look
from tests.browser.conftest import DESKTOP, NARROW, PHONE, UPRIGHT
from tests.browser.failures import FAILURES, open_failure
from tests.browser.keyboard import walk
from tests.browser.places import PLACES, enlarge_text, open_everything, open_place, usual_text
from tests.browser.scripts import script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TABLET: ViewportSize = {"width": 1024, "height": 768}  # columns as on a desktop, and the menu in a row of its own
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
USUAL_SPACING = "() => { document.adoptedStyleSheets = []; }"
# The last crumb repeats the heading below; a caption right below a heading, and the form's where the page's says the
# same, are for screen readers alone.
HIDDEN = (
    ".hidden, li[aria-current], h2 + .fees .fees__caption, .story--form .enquiry__heading, .enquiry-form__trap, svg,"
    " input, textarea"
)


@pytest.fixture(scope="module")
def help_at_home() -> dict[int, list[str]]:
    """Where a tablet and a phone show how to get help, once the first test has looked at the home page."""
    return {}


# A test for each page, so that all cores have work; all of its checks at once: opening it takes as long as they do.
@pytest.mark.parametrize("place", PLACES)
def test_a_page_works_by_keyboard_and_with_all_that_a_reader_sets(
    demo: None, reader: Page, help_at_home: dict[int, list[str]], place: str
) -> None:
    if not help_at_home:
        reader.goto("/")
        help_at_home |= {size["width"]: help_at(reader, size) for size in (PHONE, TABLET)}
        assert [len(found) for found in help_at_home.values()] == [2, 2]
    open_place(reader, place)
    assert help_at(reader, TABLET) == help_at_home[TABLET["width"]], "phone and form have moved"
    assert list(walk(reader)) == []
    # On a phone the bar is not where the form is.
    assert help_at(reader, PHONE) in (help_at_home[PHONE["width"]], []), "phone and form have moved"
    assert list(walk(reader, by_script=True)) == []
    open_everything(reader)
    assert {look: found for look, found in each_look(reader) if found} == {}
    assert {setting: found for setting, found in problems(reader) if found} == {}


@pytest.mark.parametrize("failure", FAILURES)
def test_axe_finds_nothing_on_a_page_that_says_what_went_wrong(demo: None, reader: Page, failure: str) -> None:
    open_failure(reader, failure)
    assert {look: found for look, found in each_look(reader) if found} == {}


def test_axe_finds_nothing_in_the_open_menu_of_a_phone(demo: None, reader: Page) -> None:
    reader.set_viewport_size(PHONE)
    reader.goto("/")
    reader.get_by_role("button", name="Menu").click()
    reader.get_by_role("navigation", name="Main").wait_for()
    assert {look: found for look, found in each_look(reader, sizes=[PHONE]) if found} == {}


def help_at(page: Page, size: ViewportSize) -> list[str]:
    """Return where the ways to get help are in a window of this size, from the top of the page."""
    page.set_viewport_size(size)
    page.evaluate("scrollTo(0, 0)")
    found: list[str] = page.evaluate(script("ways_to_get_help"))
    return found


def problems(page: Page) -> Iterator[tuple[str, list[str]]]:
    """Yield what is wrong with the page, by what the reader has set."""
    page.set_viewport_size(PHONE)
    yield "targets for a thumb", page.evaluate(script("too_small"))
    enlarge_text(page)
    for window in (NARROW, UPRIGHT, DESKTOP):
        page.set_viewport_size(window)
        yield f"{window['width']} pixels, text at 200 %", lost(page)
    usual_text(page)
    page.set_viewport_size(LAPTOP)
    page.evaluate(script("spacing"))
    yield "1280 pixels, wide spacing", lost(page)
    page.set_viewport_size(NARROW)
    yield "320 pixels, wide spacing", lost(page)
    page.evaluate(USUAL_SPACING)
    yield "320 pixels", lost(page)
    page.set_viewport_size(PHONE)
    yield "less motion", page.evaluate(script("moving"))
    page.emulate_media(forced_colors="active")
    yield "forced colours", page.evaluate(script("without_edge"))
    page.emulate_media(forced_colors="none", media="print", color_scheme="dark")
    yield "paper", page.evaluate(script("on_paper"))


def lost(page: Page) -> list[str]:
    """Return what cannot be seen, or not be read, at the page's present size and text."""
    return [*page.evaluate(script("cut_off"), HIDDEN), *page.evaluate(script("in_pieces"), HIDDEN)]
