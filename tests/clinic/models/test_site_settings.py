"""The clinic's details: checked, confirmed before they change everywhere, and brought back when a change was wrong."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import ClinicDetails
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db


def change(client: Client, details: ClinicDetails, **answers: str) -> Any:
    address = reverse("wagtailsettings:edit", args=["clinic", "clinicdetails", details.site_id])
    response: Any = client.post(address, answers_of(client.get(address).context["form"]) | answers)
    details.refresh_from_db()
    return response


@pytest.mark.parametrize(
    ("field", "answer", "words"),
    [
        ("phone", "867-555", "cannot be dialled"),
        ("emergency_wording", "Call 9111.", "must say to call 911"),
        ("emergency_wording_fr", "Appelez-nous.", "must say to call 911"),
        ("phone", "867-555-0199", "in the header and footer of every page"),
        ("emergency_wording", "Call 911 now.", "on receipts"),
        ("name", "Aurora Physiotherapy", "Before: “Fireweed Physiotherapy”"),
    ],
)
def test_a_change_is_confirmed(as_manager: Client, details: ClinicDetails, field: str, answer: str, words: str) -> None:
    form = change(as_manager, details, **{field: answer}).context["form"]
    assert words in " ".join(form.errors[field])
    assert form[field].value() == answer
    assert getattr(details, field) != answer


def test_a_confirmed_change_is_saved_and_can_be_brought_back(as_manager: Client, details: ClinicDetails) -> None:
    assert change(as_manager, details, phone="867-555-0199", changes_are_right="on").status_code == 302
    assert details.phone == "867-555-0199"
    editor = as_manager.get(reverse("wagtailsettings:edit", args=["clinic", "clinicdetails", details.site_id]))
    assert "changes_are_right" not in editor.text
    (earlier,) = editor.context["form"].earlier
    asked = change(as_manager, details, tagline="New words", use_again=str(earlier.pk))
    assert asked.context["form"]["phone"].value() == "867-555-0142"
    assert asked.context["form"]["tagline"].value() == "New words"
    assert details.phone == "867-555-0199"
    change(as_manager, details, phone="867-555-0142", changes_are_right="on")
    assert details.phone == "867-555-0142"


def test_a_form_without_a_change_needs_no_confirmation(as_manager: Client, details: ClinicDetails) -> None:
    assert change(as_manager, details, use_again="no number").status_code == 302
