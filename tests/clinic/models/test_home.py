"""What the home page gathers."""

import pytest
from django.http import HttpRequest

from clinic.models import FeaturedPage, HomePage
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_featured_page_is_a_card_and_a_featured_index_a_list_of_live_pages(
    home: HomePage, visit: HttpRequest
) -> None:
    service = factories.make_service()
    shoulder = factories.make_condition("Frozen shoulder")
    factories.make_condition("Not written yet", live=False)
    index = shoulder.get_parent()
    home.featured_pages.set([FeaturedPage(page=page) for page in (service, index)])
    context = home.get_context(visit)
    assert context["featured_pages"] == [service]
    (conditions,) = context["featured_lists"]
    assert conditions["page"].pk == index.pk
    assert [page.title for page in conditions["pages"]] == ["Frozen shoulder"]
