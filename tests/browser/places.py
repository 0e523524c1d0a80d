"""Every page type and state that a visitor can meet, and how a browser gets there."""

import re
from collections.abc import Callable

from playwright.sync_api import FloatRect, Locator, Page

IMS = "/services/ims-dry-needling/"
PAGES = {
    "home": "/",
    "treatments": "/services/",
    "IMS": IMS,
    "conditions": "/conditions/",
    "condition": "/conditions/tennis-elbow/",
    "team": "/team/",
    "practitioner": "/team/robin-sample/",
    "location": "/locations/whitehorse/",
    "fees": "/fees/",
    "plain page": "/accessibility/",
    "phone and people": "/change-or-cancel/",
    "French page": "/en-francais/",
    "contact": "/contact/",
    "enquiry": "/enquiry/",
    "privacy notice": "/enquiry/privacy/",
    "search": "/search/",
    "search with results": "/search/?q=pain",
    "search without results": "/search/?q=xylophone",
    "not found": "/no-such-page/",
}


def form_with_errors(page: Page) -> None:
    page.goto("/enquiry/")
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("alert").wait_for()
    page.wait_for_load_state()


def fill_in(page: Page) -> None:
    """Open the form and give everything that it requires."""
    page.goto("/enquiry/")
    page.get_by_label("Your name").fill("Ada Example")
    page.locator("[name=email]").fill("ada@example.org")
    page.get_by_label("What is your enquiry about").select_option("treatment")


def receipt(page: Page) -> None:
    fill_in(page)
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("heading", name="We have your enquiry").wait_for()
    page.wait_for_load_state()


def mistype(page: Page) -> None:
    """Fill in an address and a number that may be mistyped."""
    page.goto("/enquiry/")
    page.get_by_label("Your name").fill("Ada Example")
    page.locator("[name=email]").fill("ada@gmial.com")
    page.locator("[name=phone]").fill("123-4567")


def warning(page: Page) -> None:
    """An enquiry that should not wait."""
    mistype(page)
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Message (optional)").fill("I can’t breathe. DOB 12/03/1980")
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("heading", name="Not sent yet: please read this first").wait_for()
    page.wait_for_load_state()


def doubts(page: Page) -> None:
    mistype(page)
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("heading", name="Not sent yet: please check how we can reach you").wait_for()
    page.wait_for_load_state()


STATES: dict[str, Callable[[Page], None]] = {
    "form with errors": form_with_errors,
    "receipt": receipt,
    "warning": warning,
    "doubts": doubts,
}
# What tests of every page are parametrised by: a test for each page, so that all cores have work.
PLACES = (*PAGES, *STATES)


def open_place(page: Page, place: str) -> None:
    """Bring the browser to one of `PLACES`."""
    if place in PAGES:
        page.goto(PAGES[place])
    else:
        STATES[place](page)


def box_of(place: Locator) -> FloatRect:
    """Return where it is in the window."""
    box = place.bounding_box()
    assert box, "it is not drawn"
    return box


def enlarge_text(page: Page) -> None:
    """Make the text twice as large, as a reader's own setting would.

    It goes through the document's own objects, which a Content-Security-Policy does not forbid.
    """
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def sheets(page: Page) -> int:
    """Return how many sheets of paper the page prints on."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter")))


def usual_text(page: Page) -> None:
    page.evaluate("document.documentElement.style.fontSize = ''")


def open_everything(page: Page) -> None:
    """Unfold what is folded: questions, tables, lists of headings."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
