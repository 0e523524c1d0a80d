"""Large text, narrow windows, the reader's own spacing and colours, paper: nothing is cut off, covered or lost."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PLACES, enlarge_text, open_everything, open_place, usual_text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NARROW: ViewportSize = {"width": 320, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
# What WCAG 1.4.12 lets every reader set.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    + " word-spacing: .16em !important } p { margin-block-end: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}"""
USUAL_SPACING = "() => { document.adoptedStyleSheets = []; }"
# The last crumb repeats the heading below; a caption right below a heading, and the form's where the page's says the
# same, are for screen readers alone.
HIDDEN = (
    ".hidden, li[aria-current], h2 + .fees .fees__caption, .story--form .enquiry__heading, .enquiry-form__trap, svg,"
    " input, textarea"
)
# What a reader would have to scroll sideways for, or could not see at all.
CUT_OFF = """(hidden) => {
  const width = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || element.closest(hidden)) continue;
    const name = `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 30)}”`;
    if (element.textContent.trim() && (box.right > width + 1 || box.left < -1)) found.push(`${name} leaves the window`);
    const {overflowX, overflowY} = getComputedStyle(element);
    if (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) found.push(`${name} is cut off`);
    if (["hidden", "clip"].includes(overflowY) && element.scrollHeight > element.clientHeight + 1
      && element.textContent.trim()) found.push(`${name} is cut off below`);
  }
  return found;
}"""
# Words in three pieces, and those in two that would not fill half of the window: their column is too narrow for them.
# A long word may break where the text is large; the parts of an address do.
IN_PIECES = """(hidden) => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const words = [...text.data.matchAll(/(?<![@.\\p{L}\\p{N}])[\\p{L}\\p{N}]{2,}(?![\\p{L}\\p{N}]|[@.]\\p{L})/gu)];
    if (!words.length || text.parentElement.closest(hidden) || !text.parentElement.checkVisibility()) continue;
    for (const word of words) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const pieces = [...range.getClientRects()].filter((piece) => piece.width);
      const lines = new Set(pieces.map((piece) => Math.round(piece.top))).size;
      const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
      if (lines > 2 || lines === 2 && width < innerWidth / 2) found.push(`“${word[0]}” is in pieces`);
    }
  }
  return found;
}"""
# Links in running text are as high as their line; all else is for a thumb. A label is a part of its control.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) =>
  one.checkVisibility({visibilityProperty: true}) && !one.closest(".hidden, .enquiry-form__trap, svg")
).map((one) => {
  const {width, height} = (one.closest("label") ?? one).getBoundingClientRect();
  const least = getComputedStyle(one).display.startsWith("inline") && !one.matches(".button") ? 24 : 44;
  return Math.min(width, height) < least - .5 ? `${one.tagName} “${one.textContent.trim()}”: ${width} × ${height}` : "";
}).filter(Boolean)"""
# With the reader's own colours every control needs an edge, or an underline, that does not hang on a fill; so does the
# current page in the menu.
WITHOUT_EDGE = """() => [...document.querySelectorAll(".button, button, input, select, textarea, .care-card, .sheet")]
  .filter((one) => one.checkVisibility() && one.type !== "radio" && one.type !== "checkbox")
  .filter((one) => ["none", "0px"].includes(getComputedStyle(one).borderBlockStartStyle)
    || parseFloat(getComputedStyle(one).borderBlockStartWidth) < 1)
  .concat([...document.querySelectorAll(".header [aria-current]")]
    .filter((one) => getComputedStyle(one).textDecorationLine === "none"))
  .map((one) => `${one.tagName}.${one.className}`)"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one);
  return transitionDuration.split(", ").some((time) => time !== "0s") || animationName !== "none"
    || scrollBehavior !== "auto";
}).map((one) => `${one.tagName}.${one.className}`)"""
ON_PAPER = """() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  return [...shown(".header__menu, .header__more, .header__search, .enquiry-form, .button, .footer nav, .hours__now,"
      + ".strip .dot")
    .map((one) => one.className),
    ...shown("body *").filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position))
      .map((one) => `${one.className} is fixed`),
    ...shown("main p, main h1, main h2, main li, .call__number")
      .filter((one) => !one.closest(".care-card__heading, svg"))
      .filter((one) => !/^rgb\\(([0-9]|[1-9][0-9]), /.test(getComputedStyle(one).color))
      .map((one) => `${one.textContent} is pale`),
    ...(shown("h1").length === 1 ? [] : ["no heading"])];
}"""


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
