"""The pages that say that something went wrong, and what has to be wrong for a browser to get there."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from django.core.exceptions import BadRequest
from django.db import OperationalError
from playwright.sync_api import Page

from contact.form.cookieless import Origin
from tests.browser.places import fill_in


def search(page: Page) -> None:
    page.goto("/search/?q=pain")


def open_form(page: Page) -> None:
    page.goto("/enquiry/")


def press_send(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Send enquiry").click()


VIEWS = "clinic.public.views"
# What fails and how, what is done then, and words that only that page has.
FAILURES: dict[str, tuple[dict[str, Any], Callable[[Page], None], str]] = {
    "error page": ({f"{VIEWS}.find_pages": RuntimeError}, search, "Something went wrong on our end"),
    "plain error page": (
        {f"{VIEWS}.find_pages": RuntimeError, f"{VIEWS}.render_to_string": RuntimeError},
        search,
        "If it cannot wait, call",
    ),
    "form out of order": (
        {"contact.models.Enquiry.objects.exists": OperationalError},
        open_form,
        "Please call us instead.",
    ),
    "enquiry not sent": (
        {"contact.intake.submission.submit_enquiry": OperationalError},
        press_send,
        "Your enquiry was not sent",
    ),
    "enquiry from elsewhere": (
        {"contact.form.views.origin_of": lambda _request: Origin.ANOTHER_SITE},
        press_send,
        "This form came from another website",
    ),
    "enquiry not readable": ({"contact.form.views.EnquiryForm": BadRequest}, press_send, "It arrived incomplete."),
}


def open_failure(page: Page, name: str) -> None:
    """Bring the browser to one of `FAILURES`."""
    faults, act, words = FAILURES[name]
    if act is press_send:
        fill_in(page)
    with ExitStack() as failing:
        for place, fault in faults.items():
            failing.enter_context(patch(place, side_effect=fault))
        act(page)
    page.get_by_text(words).first.wait_for()
    page.wait_for_load_state()
