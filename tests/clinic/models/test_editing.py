from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ReferenceIndex, Site
from wagtail.signal_handlers import reference_index_auto_update_disabled

from clinic.models import ContentVersion, PractitionerPage
from services.models import ServicePage
from tests import factories
from tests.edit_form import answers_of

pytestmark = pytest.mark.django_db

# Wagtail alone: 71 and 244 for such a page, without sign-off and checks.
MOST_TO_OPEN, MOST_TO_PUBLISH = 45, 122


@pytest.fixture
def robin() -> PractitionerPage:
    return factories.make_practitioner()


@pytest.fixture
def service(robin: PractitionerPage) -> Iterator[ServicePage]:
    """A treatment with as many rows and links as that of the demo, saved with the reference index."""
    reference_index_auto_update_disabled.value = False
    conditions = [factories.make_condition(f"Condition {number}") for number in range(5)]
    links = [f'<p><a linktype="page" id="{condition.pk}">There</a></p>' for condition in conditions]
    sources = [("source", {"text": "A study", "url": "", "year": 2020})]
    service = factories.make_service(
        "Taping", body=[("text", link) for link in links], sources=sources, **factories.FACTS
    )
    for amount in ("100", "120"):
        factories.add_fee(service, amount)
    factories.give(service, robin, factories.make_practitioner("Alex Demo"))
    factories.help_with(service, *conditions)
    service = ServicePage.objects.get(pk=service.pk)
    service.save_revision().publish()
    yield service
    reference_index_auto_update_disabled.value = True


PUBLISH = {"action-publish": "1", "publish_unchecked": "on"}


def opened(client: Client, service: ServicePage) -> tuple[str, dict[str, Any]]:
    """Return the address of the page's form, and what a browser would post from it."""
    url = reverse("wagtailadmin_pages:edit", args=[service.pk])
    return url, answers_of(client.get(url).context["form"])


def edit(client: Client, service: ServicePage, **changes: Any) -> int:
    """Save the page's form with these changes, and return the number of queries."""
    url, answers = opened(client, service)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(url, answers | changes)
    assert response.status_code == 302, response.context["form"].errors
    return len(asked)


def test_a_page_is_opened_and_published_with_half_of_the_queries(as_manager: Client, service: ServicePage) -> None:
    Site.get_site_root_paths()
    with CaptureQueriesContext(connection) as asked:
        form = as_manager.get(reverse("wagtailadmin_pages:edit", args=[service.pk])).text
    assert len(asked) <= MOST_TO_OPEN
    assert form.count("/conditions/condition-1/") == 1
    rows = form.partition('id="id_fees-FORMS"')[2].partition("</template>")[0]
    assert "fees-__prefix__-visit" in rows
    assert "add-comment-button" not in rows
    assert edit(as_manager, service, introduction="Anew", **PUBLISH) <= MOST_TO_PUBLISH
    service.refresh_from_db()
    assert (service.introduction, service.fees.count(), service.condition_links.count()) == ("Anew", 2, 5)


def test_rows_are_changed_added_and_removed(as_manager: Client, service: ServicePage) -> None:
    new = {"fees-2-visit": "Long", "fees-2-amount": "150", "fees-2-id": "", "fees-2-ORDER": "3"}
    url, answers = opened(as_manager, service)
    changes = {"fees-0-amount": "99", "fees-1-DELETE": "on", "fees-TOTAL_FORMS": "3"}
    changes["condition_links"] = answers["condition_links"][1:]
    refused = as_manager.post(url, answers | changes | new | {"action-publish": "1"}).text
    assert "No physiotherapist has signed this text off" in refused
    assert 'value="150"' in refused, "the new row is still there"
    assert [fee.price for fee in ServicePage.objects.get(pk=service.pk).fees.all()] == ["$100", "$120"]
    edit(as_manager, service, **changes, **new, **PUBLISH)
    service = ServicePage.objects.get(pk=service.pk)
    assert [fee.price for fee in service.fees.all()] == ["$99", "$150"]
    assert service.condition_links.count() == 4


def test_wrong_rows_are_errors_of_the_form_and_nothing_is_one_of_the_server(
    as_manager: Client, service: ServicePage
) -> None:
    url, answers = opened(as_manager, service)
    for bad in ("999999", "x"):
        page = as_manager.post(url, answers | {"practitioner_links": [bad], "action-publish": "1"})
        assert "Someone has deleted one of these pages" in page.context["form"].errors["practitioner_links"][0]
    for rows in ("fees", "comments"):
        wrong = {f"{rows}-TOTAL_FORMS": "1", f"{rows}-INITIAL_FORMS": "1", f"{rows}-0-id": "999999"}
        assert as_manager.post(url, answers | wrong).context["form"].formsets[rows].errors[0]["id"]
    no_browsers = {"body-count": "x", "body-0-order": "{", "sources-count": "\0", "lead_image": "x", "fees-0-id": "x"}
    for name, value in (*no_browsers.items(), ("lead_image", "9" * 30), ("fees-0-id", "9" * 30)):
        assert as_manager.post(url, answers | {name: value}).status_code in {200, 400}, name


def test_a_row_that_a_colleague_deleted_meanwhile_can_be_deleted_too(as_manager: Client, service: ServicePage) -> None:
    url, answers = opened(as_manager, service)
    edit(as_manager, service, **{"fees-1-DELETE": "on"}, **PUBLISH)
    refused = as_manager.post(url, answers | {"introduction": "Mine"}).text
    assert "Someone has deleted one of these rows" in refused
    assert "Mine" in refused
    assert as_manager.post(url, answers | {"fees-1-DELETE": "on"}).status_code == 302


def test_only_a_published_link_counts(as_manager: Client, service: ServicePage, robin: PractitionerPage) -> None:
    links = ReferenceIndex.get_references_to(robin).filter(object_id=str(service.pk))
    assert links.count() == 1
    edit(as_manager, service, practitioner_links=[])
    assert links.count() == 1
    edit(as_manager, service, practitioner_links=[], **PUBLISH)
    assert links.count() == 0


def test_the_page_cache_is_renewed_once_for_a_page_with_its_rows_and_for_a_row_alone(service: ServicePage) -> None:
    before = ContentVersion.current()
    with CaptureQueriesContext(connection) as asked:
        service.save()
    assert ContentVersion.current() != before
    assert sum("UPDATE" in query["sql"] and "contentversion" in query["sql"] for query in asked) == 1
    before = ContentVersion.current()
    fee = service.fees.all()[0]
    fee.amount = 1
    fee.save()
    assert ContentVersion.current() != before


def test_a_revision_whose_condition_was_deleted_is_published_without_it(service: ServicePage) -> None:
    revision = service.save_revision()
    service.condition_links.all()[0].condition.delete()
    revision.publish()
    assert ServicePage.objects.get(pk=service.pk).condition_links.count() == 4
