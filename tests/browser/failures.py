"""The pages that say that something went wrong, and what has to be wrong for a browser to get there."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.core.exceptions import BadRequest
from django.db import OperationalError
from playwright.sync_api import Page

from contact.form.cookieless import Origin
from contact.models import Enquiry
from tests.browser.places import fill_in


def error_page(page: Page) -> None:
    with patch("clinic.public.views.find_pages", broken):
        page.goto("/search/?q=pain")


def plain_error_page(page: Page) -> None:
    with patch("clinic.public.views.find_pages", broken), patch("clinic.public.views.render_to_string", broken):
        page.goto("/search/?q=pain")


def form_out_of_order(page: Page) -> None:
    with patch.object(Enquiry.objects, "exists", side_effect=OperationalError):
        page.goto("/enquiry/")


def not_sent(page: Page) -> None:
    with patch("contact.intake.submission.submit_enquiry", side_effect=OperationalError):
        send(page)


def from_elsewhere(page: Page) -> None:
    with patch("contact.form.views.origin_of", return_value=Origin.ANOTHER_SITE):
        send(page)


def unreadable(page: Page) -> None:
    page.goto("/enquiry/")
    with patch("contact.form.views.EnquiryForm", side_effect=BadRequest):
        press_send(page)


def broken(*_arguments: Any, **_named: Any) -> None:
    raise RuntimeError


def send(page: Page) -> None:
    fill_in(page)
    press_send(page)


def press_send(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Send enquiry").click()


# With words that only that page has.
FAILURES: dict[str, tuple[Callable[[Page], None], str]] = {
    "error page": (error_page, "Something went wrong on our end"),
    "plain error page": (plain_error_page, "If it cannot wait, call"),
    "form out of order": (form_out_of_order, "Please call us instead."),
    "enquiry not sent": (not_sent, "Your enquiry was not sent"),
    "enquiry from elsewhere": (from_elsewhere, "This form came from another website"),
    "enquiry not readable": (unreadable, "It arrived incomplete."),
}


def open_failure(page: Page, name: str) -> None:
    """Bring the browser to one of `FAILURES`."""
    go, words = FAILURES[name]
    go(page)
    page.get_by_text(words).first.wait_for()
    page.wait_for_load_state()
