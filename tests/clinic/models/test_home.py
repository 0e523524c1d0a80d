"""What the home page gathers: cards, lists of pages, people, hours."""

import pytest
from django.http import HttpRequest
from django.test import Client
from wagtail.models import Page

from clinic.models import FeaturedPage, HomePage
from tests import factories

pytestmark = pytest.mark.django_db


def feature(home: HomePage, *pages: Page) -> HomePage:
    home.featured_pages.set([FeaturedPage(page=page) for page in pages])
    home.save()
    return home


def test_a_featured_page_is_a_card_and_a_featured_index_is_the_list_of_its_live_pages(
    home: HomePage, visit: HttpRequest
) -> None:
    service = factories.make_service()
    shoulder = factories.make_condition("Frozen shoulder")
    factories.make_condition("Not written yet", live=False)
    index = shoulder.get_parent()
    context = feature(home, service, index).get_context(visit)
    assert context["featured_pages"] == [service]
    (conditions,) = context["featured_lists"]
    assert conditions["page"].pk == index.pk
    assert [page.title for page in conditions["pages"]] == ["Frozen shoulder"]


def test_the_people_of_the_clinic_are_on_the_home_page(home: HomePage, client: Client) -> None:
    factories.make_practitioner("Robin Sample")
    factories.make_practitioner("Jo Draft", live=False)
    page = client.get("/").content.decode()
    assert "Robin Sample" in page
    assert "Jo Draft" not in page
