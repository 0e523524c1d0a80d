from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site, get_page_models

from clinic.models import ClinicImage, FeaturedPage, PractitionerPage
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


def add_services(numbers: Iterable[int]) -> list[ServicePage]:
    """Add treatments with a picture, fees, a practitioner and a condition, the first four on the home page too."""
    image = ClinicImage.objects.get()
    services = [
        factories.make_service(f"Needling {number}", introduction="What it is.", lead_image=image) for number in numbers
    ]
    Fee.objects.bulk_create(
        Fee(service=service, visit=visit, minutes=45, amount=amount)
        for service in services
        for visit, amount in (("First visit", 120), ("Next visits", 95))
    )
    person, condition, home = PractitionerPage.objects.get(), ConditionPage.objects.get(), factories.home_page()
    ServicePractitioner.objects.bulk_create(ServicePractitioner(service=s, practitioner=person) for s in services)
    ServiceCondition.objects.bulk_create(ServiceCondition(service=s, condition=condition) for s in services)
    FeaturedPage.objects.bulk_create(FeaturedPage(home=home, page=service) for service in services[:4])
    return services


def test_drawing_a_page_takes_at_most_thirty_queries_and_no_more_with_many_treatments() -> None:
    addresses = [*factories.make_clinic(), *WITHOUT_A_PAGE]
    drawn = {type(page) for page in Page.objects.live().specific()} - {Page}
    assert drawn == set(get_page_models()) - {Page}
    first, *_others = add_services(range(1, FEW))
    few = {address: len(queries_of(address)) for address in addresses}
    *_others, last = add_services(range(FEW, MANY))
    many = {address: len(queries_of(address)) for address in addresses}
    assert {address: number for address, number in many.items() if number > MOST_QUERIES} == {}
    assert few == many
    assert len(queries_of(first.url)) == len(queries_of(last.url))
