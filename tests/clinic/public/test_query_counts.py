"""Drawing a page takes at most thirty queries, and no more when the clinic grows."""

from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site, get_page_models
from wagtail.signal_handlers import disable_reference_index_auto_update

from clinic.models import ClinicImage, FeaturedPage, HomePage, PractitionerPage
from services.models import ConditionPage, Fee, ServiceCondition, ServicePage, ServicePractitioner
from tests import factories

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30
FEW, MANY = 5, 60  # more than a list of treatments shows at once; for 5,000: tests.load.growth
WITHOUT_A_PAGE = ["/search/", "/search/?q=needling", "/search/?q=xylophone", "/enquiry/", "/nothing-here/"]


def queries_of(address: str) -> list[str]:
    """Return the queries for a page that is drawn."""
    visitor = Client()
    visitor.get(address)
    cache.clear()
    Site.get_site_root_paths()  # Wagtail caches these rows for an hour
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(address).status_code in {200, 302, 404}
    return [query["sql"] for query in asked]


def add_services(numbers: Iterable[int]) -> None:
    """Add treatments with a picture, fees, a practitioner and a condition."""
    image = ClinicImage.objects.get()
    with disable_reference_index_auto_update():  # here for a whole module
        services = [
            factories.make_service(f"Needling {number}", introduction="What it is.", lead_image=image)
            for number in numbers
        ]
    Fee.objects.bulk_create(
        Fee(service=service, visit=visit, minutes=45, amount=amount)
        for service in services
        for visit, amount in (("First visit", 120), ("Next visits", 95))
    )
    person, condition = PractitionerPage.objects.get(), ConditionPage.objects.get()
    ServicePractitioner.objects.bulk_create(ServicePractitioner(service=s, practitioner=person) for s in services)
    ServiceCondition.objects.bulk_create(ServiceCondition(service=s, condition=condition) for s in services)


@pytest.fixture(scope="module")
def counts(rolled_back_after_the_module: None) -> list[dict[str, list[str]]]:
    """The queries of every address, with few treatments and with many."""
    addresses = [*factories.make_clinic(), *WITHOUT_A_PAGE]
    measured = []
    for numbers in (range(1, FEW), range(FEW, MANY)):
        add_services(numbers)
        measured.append({address: queries_of(address) for address in addresses})
    assert ServicePage.objects.count() == MANY
    drawn = {type(page) for page in Page.objects.live().specific()} - {Page}
    assert drawn == set(get_page_models()) - {Page}
    return measured


def test_no_page_takes_more_than_thirty_queries(counts: list[dict[str, list[str]]]) -> None:
    for asked in counts:
        too_many = {address: queries for address, queries in asked.items() if len(queries) > MOST_QUERIES}
        assert too_many == {}, {address: len(queries) for address, queries in too_many.items()}


def test_many_times_the_treatments_take_the_same_number_of_queries(counts: list[dict[str, list[str]]]) -> None:
    few, many = ({address: len(queries) for address, queries in asked.items()} for asked in counts)
    assert few == many


def test_the_last_treatment_of_many_is_shown_like_the_first(counts: list[dict[str, list[str]]]) -> None:
    pages = Page.objects.filter(title__in=["Needling 1", f"Needling {MANY - 1}"])
    assert len({len(queries_of(page.url)) for page in pages}) == 1


def test_the_home_page_fetches_what_its_cards_show_together(home: HomePage) -> None:
    services = [factories.make_service(f"Card {number}") for number in range(4)]
    asked = []
    for featured in (services[:1], services):
        home.featured_pages.set([FeaturedPage(page=service) for service in featured])
        home.save()
        asked.append(len(queries_of("/")))
    assert asked[0] == asked[1]
