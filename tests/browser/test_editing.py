import re

import pytest
from playwright.sync_api import expect

from clinic.blocks.text import PROMPT
from services.models import ServiceIndexPage, ServicePage
from tests import factories
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# Wagtail notices changes from the second on in which it has read the form, two seconds after the page was loaded.
WATCHES_FOR_CHANGES = """() => {
    const form = document.querySelector("[data-edit-form]");
    return window.wagtail?.app?.getControllerForElementAndIdentifier(form, "w-unsaved")?.initialFormData;
}"""


def test_tabs_count_the_errors_of_blocks_and_the_glasses_count_the_clinics_checks(demo: None, sign_in: SignIn) -> None:
    new = ServicePage(title="Cupping", introduction="A cup lifts the skin for a few minutes.", live=False)
    new.begin()
    factories.add(new, ServiceIndexPage.objects.get())
    page = sign_in("physio")
    page.goto(f"/admin/pages/{new.pk}/edit/")
    # There is no description, source or sign-off.
    expect(page.locator("[data-side-panel-toggle=checks] [data-side-panel-toggle-counter]")).to_have_text("3")
    page.get_by_role("button", name="Submit to a manager").click()
    expect(page.get_by_role("tab", name=re.compile(r"Content.*8 errors"))).to_be_visible()
    expect(page.get_by_role("tab", name=re.compile(r"Facts and fees.*3 errors"))).to_be_visible()
    expect(page.get_by_role("tab", name=re.compile(r"Sources and sign-off.*1 error"))).to_be_visible()


def test_what_someone_types_takes_the_place_of_a_prompt_and_the_line_at_the_top_counts_it(
    demo: None, sign_in: SignIn
) -> None:
    page = sign_in("physio")
    page.goto("/admin/")
    page.get_by_role("link", name="Treatment page").click()
    page.wait_for_function(WATCHES_FOR_CHANGES)
    page.get_by_role("textbox", name="Title").first.fill("Taping")
    page.get_by_role("textbox", name="Introduction").fill("Tape on the skin.")
    page.get_by_text(f"{PROMPT} what we do, in").last.click()
    page.keyboard.type("We put tape on the skin.")
    expect(page.get_by_role("textbox", name="Text").first).to_have_text("We put tape on the skin.")
    expect(page.get_by_text("1 of 9 parts done")).to_be_visible()
