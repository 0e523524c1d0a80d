"""Which page may be below which, and what all types of page have in common."""

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import Page, get_page_models

from clinic.models import BasePage, ClinicDetails
from tests import factories

pytestmark = pytest.mark.django_db

TYPES = [model for model in get_page_models() if model is not Page]

# What editors may put below what; every other pair is refused.
BELOW = {
    ("wagtailcore.Page", "clinic.HomePage"),
    ("clinic.HomePage", "clinic.FrenchPage"),
    ("clinic.HomePage", "clinic.LocationIndexPage"),
    ("clinic.HomePage", "clinic.StandardPage"),
    ("clinic.HomePage", "clinic.TeamPage"),
    ("clinic.HomePage", "contact.ContactPage"),
    ("clinic.HomePage", "services.ConditionIndexPage"),
    ("clinic.HomePage", "services.FeesPage"),
    ("clinic.HomePage", "services.ServiceIndexPage"),
    ("clinic.LocationIndexPage", "clinic.LocationPage"),
    ("clinic.StandardPage", "clinic.StandardPage"),
    ("clinic.TeamPage", "clinic.PractitionerPage"),
    ("services.ConditionIndexPage", "services.ConditionPage"),
    ("services.ServiceIndexPage", "services.ServicePage"),
}
ONLY_ONE = {
    "clinic.FrenchPage",
    "clinic.LocationIndexPage",
    "clinic.TeamPage",
    "services.ConditionIndexPage",
    "services.FeesPage",
    "services.ServiceIndexPage",
}


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model._meta.label)
def test_a_page_type_has_its_parents_its_maximum_and_no_private_pages(model: type[Page]) -> None:
    label = model._meta.label
    parents = {(parent._meta.label, label) for parent in model.allowed_parent_page_models()}
    assert parents == {pair for pair in BELOW if pair[1] == label}
    assert (model.max_count == 1) is (label in ONLY_ONE)
    assert issubclass(model, BasePage)
    assert model.private_page_options == ()
    assert str(model._meta.verbose_name).endswith("page")


def test_every_field_that_editors_fill_in_says_what_it_does() -> None:
    silent = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, BasePage) or model is ClinicDetails
        for field in model._meta.local_fields
        if field.editable and not field.help_text and not field.remote_field and field.name not in SELF_EXPLAINING
    ]
    assert silent == []


# Their labels say it all.
SELF_EXPLAINING = {"region", "postal_code", "privacy_contact_email", "id"}


def test_editors_cannot_put_a_page_behind_a_password(as_manager: Client) -> None:
    page = factories.make_standard()
    assert "password" not in as_manager.get(f"/admin/pages/{page.pk}/privacy/").content.decode()
