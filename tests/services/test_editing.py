"""A practitioner's and a condition's editor lists the treatments that name them, with the way there."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from clinic.models import PractitionerPage, TeamPage
from services.models import ConditionPage
from tests import factories

pytestmark = pytest.mark.django_db


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_both_ends_of_a_link_show_it(as_physio: Client) -> None:
    person, condition, service = factories.make_practitioner(), factories.make_condition(), factories.make_service()
    draft = factories.make_service("New way", live=False)
    for treatment in (service, draft):
        factories.give(treatment, person)
        factories.help_with(treatment, condition)
    for page in (person, condition):
        editor = as_physio.get(edit_address(page)).content.decode()
        assert f'<a href="{edit_address(service)}">{service.title}</a>' in editor
        assert f'<a href="{edit_address(draft)}">New way</a> (draft)' in editor
        assert "Set on each treatment's page." in editor


def test_a_page_that_no_treatment_names_says_so(as_physio: Client) -> None:
    condition = factories.make_condition()
    assert "<li>None yet</li>" in as_physio.get(edit_address(condition)).content.decode()
    team = factories.only(TeamPage, "team")
    for model, parent in ((PractitionerPage, team), (ConditionPage, condition.get_parent())):
        app, name = model._meta.app_label, model._meta.model_name
        new = as_physio.get(reverse("wagtailadmin_pages:add", args=[app, name, parent.pk])).content.decode()
        assert "Set on each treatment's page." in new
