"""No link around a form that someone is filling in empties it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests import factories

if TYPE_CHECKING:
    from clinic.models import ClinicDetails

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.database]


@pytest.mark.parametrize("place", ["enquiry", "contact page", "treatment"])
def test_no_button_or_link_to_the_form_throws_away_what_was_typed(
    patient: Page, details: ClinicDetails, place: str
) -> None:
    addresses = {"contact page": factories.make_contact_page, "treatment": factories.make_service}
    patient.goto(addresses[place]().url if place in addresses else "/enquiry/")
    name, message = patient.get_by_label("Your name"), patient.get_by_label("Message (optional)")
    name.fill("Ada Example")
    message.fill("Is there parking?")
    address = patient.url
    patient.locator(".reach").get_by_role("link", name="Enquire").click()
    expect(name).to_be_in_viewport()
    patient.get_by_role("contentinfo").get_by_role("link", name="Send an enquiry").click()
    expect(name).to_be_in_viewport()
    expect(name).to_have_value("Ada Example")
    expect(message).to_have_value("Is there parking?")
    assert patient.url == f"{address}#enquiry"


def test_elsewhere_the_bar_leads_to_the_form(patient: Page, details: ClinicDetails) -> None:
    patient.set_viewport_size({"width": 320, "height": 640})
    patient.goto("/search/")
    bar = patient.locator(".reach > *")
    assert len({box["height"] for each in bar.all() if (box := each.bounding_box())}) == 1, "not of one height"
    patient.locator(".reach").get_by_role("link", name="Enquire").click()
    expect(patient.get_by_label("Your name")).to_be_in_viewport()
