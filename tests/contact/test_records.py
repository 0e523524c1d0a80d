"""What happened is there to be read, by managers; nobody changes a line of it in the admin, not even a superuser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import reverse

from contact.models import DeliveryAttempt, EnquiryEvent, PurgeRun, SyntheticCheck
from contact.privacy.deletion import purge
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

RECORDS: list[type[Model]] = [EnquiryEvent, PurgeRun]


def make_rows() -> None:
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    purge()


def address(model: type[Model], page: str, *args: int) -> str:
    return reverse(f"admin:contact_{model._meta.model_name}_{page}", args=args)


def addresses(model: type[Model]) -> list[str]:
    return [address(model, "changelist"), address(model, "change", model._default_manager.values_list("pk")[0][0])]


@pytest.fixture
def managers_desk(client: Client) -> Client:
    client.force_login(make_person("Managers"))
    return client


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize(
    ("role", "status"), [("Managers", 200), ("Reception", 403), ("Physiotherapists", 403), ("", 403)]
)
def test_records_are_for_managers(client: Client, model: type[Model], role: str, status: int) -> None:
    make_rows()
    client.force_login(make_person(role))
    assert [client.get(page).status_code for page in addresses(model)] == [status] * 2


@pytest.mark.parametrize("model", RECORDS)
def test_who_is_not_signed_in_is_asked_to(client: Client, model: type[Model]) -> None:
    make_rows()
    for page in addresses(model):
        response = client.get(page)
        assert response.status_code == 302
        assert "login" in response["Location"]


@pytest.mark.parametrize("model", RECORDS)
def test_not_even_a_superuser_adds_changes_or_deletes_a_line(client: Client, model: type[Any]) -> None:
    make_rows()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "a long enough password"))
    rows = list(model.objects.order_by("pk").values())
    number = rows[0]["id"]
    listing, detail = addresses(model)
    assert client.get(listing).status_code == client.get(detail).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "add"), {"detail": "x"}).status_code == 403
    assert client.post(detail, {"detail": "changed", "actor_name": "nobody"}).status_code == 403
    assert client.get(address(model, "delete", number)).status_code == 403
    assert client.post(address(model, "delete", number), {"post": "yes"}).status_code == 403
    client.post(listing, {"action": "delete_selected", "_selected_action": [number], "post": "yes"})
    assert list(model.objects.order_by("pk").values()) == rows


@pytest.mark.parametrize("model", RECORDS)
def test_no_form_offers_to_change_anything(model: type[Model]) -> None:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    registered = admin.site.get_model_admin(model)
    assert registered.get_model_perms(request) == {"add": False, "change": False, "delete": False, "view": True}
    assert registered.get_actions(request) == {}


def test_a_record_is_headed_by_the_time_of_the_clinics_clock() -> None:
    at = datetime(2026, 11, 28, 17, 22, tzinfo=UTC)
    assert str(EnquiryEvent(at=at, kind="seen", reference="K7-3F9Q")) == "28 Nov 2026, 10:22 Opened K7-3F9Q"
    assert str(SyntheticCheck(started_at=at)) == "28 Nov 2026, 10:22 not passed"
    assert str(DeliveryAttempt(started_at=at, outcome="sent")) == "28 Nov 2026, 10:22 Sent"


def shown(client: Client, **query: str) -> set[str]:
    html = client.get(address(EnquiryEvent, "changelist"), query).content.decode()
    return set(re.findall(r'class="field-short_detail[^"]*">([^<]*)<', html))


def test_events_are_found_by_kind_person_and_reference(managers_desk: Client) -> None:
    reception = make_person("Reception")
    by = {"actor_id": reception.pk, "actor_name": "reception"}
    EnquiryEvent.objects.create(kind="seen", reference="K7-3F9Q", detail="opened", **by)
    EnquiryEvent.objects.create(kind="listed", references="34-6797 K7-3F9Q", detail="in a list", **by)
    EnquiryEvent.objects.create(kind="purged", reference="34-6797", detail="by itself")
    assert shown(managers_desk) == {"opened", "in a list", "by itself"}
    assert shown(managers_desk, kind__exact="seen") == {"opened"}
    assert shown(managers_desk, who="reception") == {"opened", "in a list"}
    assert shown(managers_desk, who="-") == {"by itself"}
    assert shown(managers_desk, q="k73f9q") == {"opened", "in a list"}
    assert shown(managers_desk, q="reception") == {"opened", "in a list"}


def test_a_long_record_takes_the_same_few_queries(
    managers_desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        EnquiryEvent.objects.create(kind="seen", reference="K7-3F9Q", actor_name="reception")
    with django_assert_max_num_queries(12):
        managers_desk.get(address(EnquiryEvent, "changelist"))


def test_a_deletion_record_is_a_page_to_print_without_personal_data(managers_desk: Client) -> None:
    references = [
        make_enquiry(status="closed", closed_at=hours_ago(24 * 91), name=name, message="My shoulder").reference
        for name in ("Robin Rare", "Sam Sample")
    ]
    run = purge()
    assert run
    html = managers_desk.get(address(PurgeRun, "change", run.pk)).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "2 enquiries and everything that belonged to them were permanently deleted." in text
    assert "2: Closed, and the retention period is over" in text
    assert "Closed: 90 days; Spam: 30 days" in text
    assert "The website, on schedule" in text
    assert all(reference in text for reference in references)
    assert not any(words in text for words in ("Robin", "Sam Sample", "shoulder", "example.com"))
