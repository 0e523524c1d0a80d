import pytest
from playwright.sync_api import Page, expect

from clinic.models import ClinicDetails, HomePage
from contact.models import Enquiry
from tests import factories
from tests.browser.conftest import PHONE
from tests.browser.places import box_of, warning

A_THUMB = 42

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.parametrize("place", ["enquiry", "contact page", "treatment"])
def test_no_button_or_link_to_the_form_throws_away_what_was_typed_or_covers_it(
    patient: Page, details: ClinicDetails, place: str
) -> None:
    addresses = {"contact page": factories.make_contact_page, "treatment": factories.make_service}
    patient.goto(addresses[place]().url if place in addresses else "/enquiry/")
    form, bar = patient.locator("#enquiry"), patient.locator(".bar")
    for part in (form.locator("input:visible").first, form.get_by_role("button")):
        part.scroll_into_view_if_needed()
        around, covers = box_of(form), box_of(bar)
        assert covers["y"] + covers["height"] <= around["y"] or covers["y"] >= around["y"] + around["height"]
    name, message = patient.get_by_label("Your name"), patient.get_by_label("Message (optional)")
    name.fill("Ada Example")
    message.fill("Is there parking?")
    address = patient.url
    bar.get_by_role("link", name="appointment").click()
    expect(name).to_be_in_viewport()
    for link in ("Request an appointment", "Ask a question"):
        patient.get_by_role("contentinfo").get_by_role("link", name=link).click()
        expect(name).to_be_in_viewport()
    expect(name).to_have_value("Ada Example")
    expect(message).to_have_value("Is there parking?")
    assert patient.url == f"{address}#enquiry"


def test_elsewhere_the_bar_leads_to_the_form(patient: Page, details: ClinicDetails) -> None:
    patient.set_viewport_size({"width": 320, "height": 640})
    page = factories.make_standard()
    patient.goto(page.url)
    bar = patient.locator(".bar > *")
    assert len({box["height"] for each in bar.all() if (box := each.bounding_box())}) == 1, "not of one height"
    bar.get_by_text("Appointment").last.click()
    expect(patient.get_by_role("heading", name="Request an appointment")).to_be_in_viewport()
    expect(patient.get_by_label("What is your enquiry about?")).to_have_value("appointment")
    expect(patient.locator("[name=about]")).to_have_value(str(page.pk))


def test_the_bar_is_one_line_however_large_the_text(reader: Page, home: HomePage) -> None:
    reader.goto("/")
    for width, text in ((390, 100), (390, 200), (320, 100), (360, 100), (430, 150)):
        reader.set_viewport_size({"width": width, "height": 844})
        reader.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
        bar = reader.locator(".bar")
        lines = "bar => [...bar.children].every(each => each.scrollWidth <= each.clientWidth + 1)"
        assert box_of(bar)["height"] < 4.5 * 16 * text / 100
        assert bar.evaluate(lines), f"{width} px, {text} %"
        assert reader.evaluate("document.documentElement.scrollWidth") <= width


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
