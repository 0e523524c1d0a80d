import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import IMS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
