"""Notices to staff keep their recipient, whatever happens to the clinic's details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import Site

from clinic.models import ClinicDetails, HomePage
from contact.models.settings import staff_address

if TYPE_CHECKING:
    from pytest_django import Settings


def test_notices_go_where_the_clinic_says(details: ClinicDetails) -> None:
    details.notify_email = "desk@example.org"
    details.save()
    assert staff_address() == "desk@example.org"


def test_notices_go_on_to_the_same_address_when_the_setting_is_lost_with_its_site(details: ClinicDetails) -> None:
    details.notify_email = "desk@example.org"
    details.save()
    Site.objects.all().delete()
    assert not ClinicDetails.objects.exists()
    assert staff_address() == "desk@example.org"
    # A new site gets new details by itself: nobody has chosen that they name no address.
    ClinicDetails.for_site(Site.objects.create(root_page=HomePage.objects.get(), is_default_site=True))
    assert staff_address() == "desk@example.org"


def test_an_address_that_a_manager_empties_is_gone(details: ClinicDetails, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Clinic <hello@example.org>"
    details.notify_email = "desk@example.org"
    details.save()
    details.notify_email = ""
    details.save()
    assert staff_address() == "hello@example.org"
