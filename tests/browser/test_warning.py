"""A frightened patient on a phone without JavaScript: whom to call comes first, and nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from contact.models import Enquiry
from tests.browser.conftest import PHONE
from tests.browser.places import box_of, warning

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
A_THUMB = 42


def test_whom_to_call_is_on_the_first_screen_and_what_was_typed_is_sent_on(patient: Page) -> None:
    warning(patient)
    assert Enquiry.objects.count() == 0
    for number in ("911", "811"):
        box = box_of(patient.get_by_role("main").get_by_role("link", name=number).first)
        assert box["y"] + box["height"] < PHONE["height"]
        assert min(box["width"], box["height"]) >= A_THUMB
    expect(patient.locator(".bar")).to_be_hidden()  # it would cover them
    assert patient.evaluate("getComputedStyle(document.body).paddingBlockEnd") == "0px", "room for the hidden bar"
    assert patient.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    expect(patient.get_by_label("Message (optional)")).to_have_value("I can’t breathe. DOB 12/03/1980")
    expect(patient.get_by_role("button", name="Yes, send with ada@gmail.com")).to_be_visible()
    patient.locator("[name=email]").fill("ada@gmail.com")
    patient.get_by_role("button", name="Send anyway").last.click()
    expect(patient.get_by_role("heading", level=1)).to_contain_text("We have your enquiry")
    expect(patient.get_by_text("from your message: date of birth")).to_be_visible()
    enquiry = Enquiry.objects.get()
    assert enquiry.red_flags == ["Trouble breathing"]
    assert (enquiry.email, enquiry.message) == ("ada@gmail.com", "I can’t breathe. DOB [date of birth removed]")
    assert not patient.context.cookies()
