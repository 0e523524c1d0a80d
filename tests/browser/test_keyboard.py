"""The whole site without a mouse: order, visible focus, no trap, the menu, the form's errors."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import PHONE
from tests.browser.keyboard import walk
from tests.browser.places import IMS, PLACES, open_place
from tests.browser.scripts import script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# Where a phone shows something else than a single column of links.
ALSO_ON_A_PHONE = {
    "home", "IMS", "condition", "practitioner", "location", "fees", "enquiry", "search with results",
    "form with errors", "warning",
}  # fmt: skip
TABLET: ViewportSize = {"width": 1024, "height": 768}  # columns as on a desktop, and the menu in a row of its own
HELP = script("ways_to_get_help")


@pytest.mark.parametrize("place", PLACES)
def test_the_tab_key_goes_through_every_page_in_reading_order_and_shows_where_it_is(
    demo: None, browser: Browser, live_server: LiveServer, place: str
) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=TABLET, reduced_motion="reduce").new_page()
    page.goto("/")
    help_at_home = {}
    for size in (PHONE, TABLET):
        page.set_viewport_size(size)
        help_at_home[size["width"]] = page.evaluate(HELP)
    assert [len(found) for found in help_at_home.values()] == [2, 2]
    open_place(page, place)
    for size in (TABLET, PHONE) if place in ALSO_ON_A_PHONE else (TABLET,):
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 0)")
        # On a phone the bar is not where the form is.
        allowed = [help_at_home[size["width"]], *([[]] if size is PHONE else [])]
        assert page.evaluate(HELP) in allowed, "phone and form have moved"
        assert list(walk(page)) == [], size


def test_without_a_mouse_and_without_javascript(demo: None, patient: Page) -> None:
    the_skip_link_is_first_and_skips(patient)
    the_menu_opens_and_closes_with_escape(patient)
    errors_are_announced_linked_and_focused(patient)


def the_skip_link_is_first_and_skips(page: Page) -> None:
    page.goto(IMS)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    # The bar at the bottom leads to the form: here the first link of the page is the one to ask a question.
    main = page.get_by_role("main")
    expect(main.locator(".page-head").get_by_role("link", name="Request an appointment")).to_be_hidden()
    expect(main.locator("a:visible").first).to_be_focused()


def the_menu_opens_and_closes_with_escape(page: Page) -> None:
    page.goto("/")
    menu = page.get_by_role("navigation", name="Main")
    opener = page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close").press("Enter")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def errors_are_announced_linked_and_focused(page: Page) -> None:
    page.goto(IMS)
    page.get_by_role("button", name="Send enquiry").press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(page).to_have_title(re.compile("^Error: "))
    page.keyboard.press("Tab")
    link = summary.get_by_role("link").first
    expect(link).to_be_focused()
    said = link.inner_text()
    page.keyboard.press("Enter")
    name = page.get_by_label("Your name")
    expect(name).to_be_focused()
    expect(name).to_be_in_viewport()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile(re.escape(said)))
