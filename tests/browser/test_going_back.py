"""Going back from the receipt: what was typed is still there, and sending it again is no second enquiry."""

import pytest
from playwright.sync_api import Page, expect

from contact.models import Enquiry

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_going_back_shows_everything_typed_and_leads_to_the_same_receipt(patient: Page) -> None:
    patient.goto("/enquiry/")
    patient.get_by_label("Your name").fill("Ada Example")
    patient.locator("[name=phone]").fill("867-555-0199")
    patient.get_by_label("It’s OK to leave a voicemail").check()
    patient.get_by_label("When is a good time").select_option("morning")
    patient.get_by_label("Message (optional)").fill("Is there parking?")
    patient.get_by_role("button", name="Send enquiry").click()
    the_receipt_is_shown(patient)
    receipt = patient.url
    patient.go_back()
    expect(patient.get_by_label("Message (optional)")).to_have_value("Is there parking?")
    expect(patient.get_by_label("It’s OK to leave a voicemail")).to_be_checked()
    patient.get_by_role("button", name="Send enquiry").click()
    the_receipt_is_shown(patient)
    assert patient.url == receipt
    assert Enquiry.objects.count() == 1


def the_receipt_is_shown(page: Page) -> None:
    """Wait for the whole page: a click does not, and a browser that is still swapping pages refuses to go back."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your enquiry")
    page.wait_for_load_state()
