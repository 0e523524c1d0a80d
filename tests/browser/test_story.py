"""The whole story, in a real browser with a real mail conversation: what the site is for, from end to end."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from contact.models import Enquiry
from tests.browser.conftest import SignIn
from tests.contact.mail_server import serving

IMS = "/services/ims-dry-needling/"
SENTENCE = "A physiotherapist has just changed this sentence."

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_patient_writes_staff_answer_and_a_physiotherapist_changes_the_page(
    demo: None, patient: Page, sign_in: SignIn, settings: Any
) -> None:
    reference = the_patient_asks_about_ims(patient)
    the_mail_goes_out_without_name_or_message(reference, settings)
    reception_finds_and_answers_it(sign_in.with_password("reception", java_script=False), reference)
    the_physiotherapist_changes_the_page_but_sees_no_enquiry(sign_in.with_password("physio"))
    patient.goto(IMS)
    expect(patient.get_by_text(SENTENCE)).to_have_count(0)
    the_manager_publishes_it(sign_in.with_password("manager"))
    patient.goto(IMS)
    expect(patient.get_by_text(SENTENCE).first).to_be_visible()


def the_patient_asks_about_ims(page: Page) -> str:
    page.goto(IMS)
    expect(page.get_by_role("heading", name="Ask about IMS")).to_be_visible()
    page.get_by_role("button", name="Send enquiry").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Your name").fill("Ada Example")
    page.locator("[name=email]").fill("ada@example.org")
    page.get_by_label("What is your enquiry about").select_option("treatment")
    page.get_by_label("Message (optional)").fill("May I drive home to Haines Junction afterwards?")
    page.get_by_role("button", name="Send enquiry").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your enquiry")
    assert page.context.cookies() == []
    reference = page.get_by_text(re.compile(r"^[A-Z0-9]{2}-[A-Z0-9]{4}$")).first.inner_text()
    enquiry = Enquiry.objects.get(reference=reference)
    assert (enquiry.name, enquiry.about_title) == ("Ada Example", "IMS and dry needling")
    page.wait_for_load_state()
    page.reload()
    assert Enquiry.objects.count() == 1
    return reference


def the_mail_goes_out_without_name_or_message(reference: str, settings: Any) -> None:
    with serving(settings) as server:
        call_command("deliver_messages")
    mails = {mail["To"]: mail for mail in server.mails}
    assert set(mails) == {"reception@fireweed.example.org", "ada@example.org"}
    assert reference in mails["reception@fireweed.example.org"]["Subject"]
    for mail in mails.values():
        assert "Haines Junction" not in mail.as_string()
    assert "Ada" not in mails["reception@fireweed.example.org"].as_string()


def reception_finds_and_answers_it(page: Page, reference: str) -> None:
    expect(page).to_have_url(re.compile("/django-admin/"))
    page.goto("/django-admin/contact/enquiry/")
    page.get_by_role("row", name=reference).get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_text("May I drive home to Haines Junction afterwards?")).to_be_visible()
    page.get_by_role("link", name="Blank reply").click()
    page.get_by_label("Your reply").fill("Thank you for asking. Give yourself half an hour first.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your reply is in the outbox")).to_be_visible()
    assert Enquiry.objects.get(reference=reference).status == "answered"
    page.goto("/django-admin/")
    expect(page.get_by_text("No one is waiting")).to_be_visible()


def the_physiotherapist_changes_the_page_but_sees_no_enquiry(page: Page) -> None:
    expect(page).to_have_url(re.compile("/admin/$"))
    refused = page.goto("/django-admin/contact/enquiry/")
    assert refused is not None
    assert refused.status == 403
    open_the_ims_page(page)
    page.get_by_role("textbox", name="Introduction").fill(SENTENCE)
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_text(SENTENCE).first).to_be_visible()
    page.get_by_role("button", name="Submit to a manager").click()  # until it is saved
    page.get_by_role("tab", name="Sources and sign-off").click()
    page.get_by_label("It corrects spelling").check()
    page.get_by_role("button", name="Submit to a manager").click()
    expect(page.get_by_text(re.compile("is submitted."))).to_be_visible()


def the_manager_publishes_it(page: Page) -> None:
    expect(page.get_by_text("Waiting for your approval")).to_be_visible()
    open_the_ims_page(page)
    page.get_by_role("button", name=re.compile("^Approve( and publish)?$")).first.click()
    expect(page.get_by_text("It is published.")).to_be_visible()


def open_the_ims_page(page: Page) -> None:
    """Search for the page in Wagtail's admin, as an editor would."""
    page.goto("/admin/pages/search/?q=dry+needling")
    page.get_by_role("link", name=re.compile("IMS and dry needling")).first.click()
    expect(page.get_by_role("textbox", name="Introduction")).to_be_visible()
