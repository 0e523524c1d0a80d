"""Managers take the list out as a file, as it is narrowed, and that is on record."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.urls import reverse

from contact.admin import export
from contact.models import Enquiry, EnquiryEvent
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:contact_enquiry_export")


@pytest.fixture
def managers_desk(client: Client) -> Client:
    client.force_login(make_person("Managers"))
    return client


def take_out(client: Client, form: str = "csv", address: str = EXPORT) -> bytes:
    response: Any = client.post(address, {"format": form})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def csv_rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("role", "status"), [("Managers", 200), ("Reception", 403), ("Physiotherapists", 403), ("", 403)]
)
def test_only_managers_export(client: Client, role: str, status: int) -> None:
    make_enquiry()
    client.force_login(make_person(role))
    assert client.get(EXPORT).status_code == status
    assert client.post(EXPORT, {"format": "csv"}).status_code == status
    assert EnquiryEvent.objects.filter(kind="exported").exists() is False  # recorded as the file is read


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    for response in (client.get(EXPORT), client.post(EXPORT, {"format": "csv"})):
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_the_page_says_how_many_and_what_to_mind(managers_desk: Client) -> None:
    make_enquiry()
    html = managers_desk.get(EXPORT).content.decode()
    assert "1 enquiry" in html
    assert "on record" in html
    Enquiry.objects.all().delete()
    assert "Nothing to export" in managers_desk.get(EXPORT).content.decode()


def test_a_csv_file_has_plain_headings_and_whitehorse_times(managers_desk: Client) -> None:
    enquiry = make_enquiry(
        received_at=datetime(2026, 11, 24, 1, tzinfo=UTC),
        phone="+1 867 555 0142",
        message="=1+1",
        assigned_to=make_person("Reception"),
        red_flags=["Chest pain"],
    )
    [row] = csv_rows(take_out(managers_desk))
    assert row["Reference"] == enquiry.reference
    assert row["Received (Whitehorse time)"] == "2026-11-23 18:00"
    assert row["What it is about"] == "A treatment"
    assert row["Phone"] == "'+1 867 555 0142"
    assert row["Message"] == "'=1+1"
    assert row["Voicemail is all right"] == "no"
    assert row["Who answers"] == "reception"
    assert row["Warning signs"] == "Chest pain"


@pytest.mark.parametrize(
    ("status", "why"), [("answered", ""), ("new", ""), ("suspected_spam", "1 web link"), ("spam", "1 web link")]
)
def test_signs_of_spam_are_a_reason_only_where_it_was_suspected(managers_desk: Client, status: str, why: str) -> None:
    make_enquiry(status=status, screening_reasons=["1 web link"])
    [row] = csv_rows(take_out(managers_desk, address=f"{EXPORT}?show=all"))
    assert row["Why suspected of spam"] == why


def test_a_workbook_has_the_same_rows(managers_desk: Client) -> None:
    enquiry = make_enquiry()
    sheet = openpyxl.load_workbook(BytesIO(take_out(managers_desk, "xlsx")))["Enquiries"]
    assert [cell.value for cell in sheet[1]] == list(export.columns())
    assert sheet["A2"].value == enquiry.reference


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv"), ("xlsx", "spreadsheetml.sheet")])
def test_a_file_is_handed_over_and_kept_by_no_cache(managers_desk: Client, form: str, kind: str) -> None:
    make_enquiry()
    response = managers_desk.post(EXPORT, {"format": form})
    assert kind in response["Content-Type"]
    assert response["Content-Disposition"].startswith('attachment; filename="enquiries-2')
    assert "no-store" in response["Cache-Control"]


def test_it_is_what_the_list_shows(managers_desk: Client) -> None:
    fees = make_enquiry(topic="fees", name="Robin Rare")
    make_enquiry()
    closed = make_enquiry(status="closed")
    make_enquiry(is_canary=True)
    references = {row["Reference"] for row in csv_rows(take_out(managers_desk, address=f"{EXPORT}?topic=fees"))}
    assert references == {fees.reference}
    assert [row["Name"] for row in csv_rows(take_out(managers_desk, address=f"{EXPORT}?q=Robin"))] == ["Robin Rare"]
    [row] = csv_rows(take_out(managers_desk, address=f"{EXPORT}?show=closed"))
    assert row["Reference"] == closed.reference
    assert len(csv_rows(take_out(managers_desk, address=f"{EXPORT}?show=all"))) == 3


def test_each_enquiry_in_the_file_is_on_record_and_no_name_is(
    managers_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    references = [make_enquiry(received_at=hours_ago(9 - number)).reference for number in range(5)]
    take_out(managers_desk, "xlsx", f"{EXPORT}?q=Sam")
    events = list(EnquiryEvent.objects.filter(kind="exported"))
    assert sorted(" ".join(event.references for event in events).split()) == sorted(references)
    assert {(event.actor_name, event.detail, event.ip_address) for event in events} == {
        ("managers", "XLSX, All", "127.0.0.1")
    }
    assert EnquiryEvent.objects.of(references[0]).filter(kind="exported").count() == 1


def test_one_that_is_deleted_while_the_file_is_sent_is_not_in_it(managers_desk: Client) -> None:
    make_enquiry()
    response: Any = managers_desk.post(EXPORT, {"format": "csv"})
    Enquiry.objects.all().delete()
    assert csv_rows(b"".join(response.streaming_content)) == []


def test_a_long_list_takes_few_queries(
    managers_desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person("Reception")
    for _ in range(30):
        make_enquiry(assigned_to=person)
    with django_assert_max_num_queries(12):
        assert len(csv_rows(take_out(managers_desk))) == 30


def test_an_unknown_format_shows_the_page_again(managers_desk: Client) -> None:
    make_enquiry()
    assert "Export as" in managers_desk.post(EXPORT, {"format": "exe"}).content.decode()


@pytest.mark.parametrize(("role", "is_offered"), [("Managers", True), ("Reception", False)])
def test_the_list_offers_it_to_those_who_may_with_its_own_filters(client: Client, role: str, is_offered: bool) -> None:
    make_enquiry(topic="fees")
    client.force_login(make_person(role))
    html = client.get(reverse("admin:contact_enquiry_changelist"), {"topic": "fees", "show": "all"}).content.decode()
    assert (f'href="{EXPORT}?topic=fees&amp;show=all"' in html) is is_offered
