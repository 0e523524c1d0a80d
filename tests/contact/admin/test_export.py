"""Managers export a list with its filters, and every enquiry in the file is recorded."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.urls import reverse

from contact.models import Enquiry, EnquiryEvent
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:contact_enquiry_export")


@pytest.fixture
def managers_desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def exported(client: Client, form: str = "csv", query: str = "") -> bytes:
    response = client.post(EXPORT + query, {"format": form})
    assert response["Content-Disposition"].startswith('attachment; filename="enquiries-2')
    assert "no-store" in response["Cache-Control"]
    return response.content


def csv_rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("role", "status"), [("Managers", 200), ("Reception", 403), ("Physiotherapists", 403), ("", 403), (None, 302)]
)
def test_only_managers_export_and_are_offered_it(client: Client, role: str | None, status: int) -> None:
    make_enquiry(topic="fees")
    if role is not None:
        client.force_login(make_person(role))
    query = "topic__exact=fees&show=all"
    html = client.get(f"{reverse('admin:contact_enquiry_changelist')}?{query}").content.decode()
    assert (f'href="{EXPORT}?{query.replace("&", "&amp;")}"' in html) is (status == 200)
    assert client.get(EXPORT).status_code == status
    assert client.post(EXPORT, {"format": "csv"}).status_code == status
    assert EnquiryEvent.objects.filter(kind="exported").exists() is (status == 200)


def test_the_page_says_how_many_and_what_to_mind(managers_desk: Client) -> None:
    make_enquiry()
    html = managers_desk.get(EXPORT).content.decode()
    assert "1 enquiry" in html
    assert "activity log" in html
    assert "Export as" in managers_desk.post(EXPORT, {"format": "exe"}).content.decode()
    Enquiry.objects.all().delete()
    assert "nothing to export" in managers_desk.get(EXPORT).content.decode()


def test_the_file_has_plain_headings_whitehorse_times_and_no_formulas(managers_desk: Client) -> None:
    enquiry = make_enquiry(
        received_at=datetime(2026, 11, 24, 1, tzinfo=UTC),
        phone="+1 867 555 0142",
        message="=1+1",
        assigned_to=make_person("Reception"),
        red_flags=["Chest pain"],
    )
    [row] = csv_rows(exported(managers_desk))
    expected = {
        "Reference": enquiry.reference, "Received (Whitehorse time)": "2026-11-23 18:00",
        "What it is about": "A treatment",
        "Phone": "'+1 867 555 0142", "Message": "'=1+1", "Voicemail is all right": "no",
        "Assigned to": "reception", "Warning signs": "Chest pain", "Why suspected of spam": "",
    }  # fmt: skip
    assert row | expected == row
    sheet = openpyxl.load_workbook(BytesIO(exported(managers_desk, "xlsx")))["Enquiries"]
    assert [cell.value for cell in sheet[1]] == list(row)
    assert [cell.value for cell in sheet[2]][:2] == [enquiry.reference, datetime(2026, 11, 23, 18)]  # noqa: DTZ001  as sheets have them


@pytest.mark.parametrize(("status", "reason"), [("new", ""), ("suspected_spam", "1 web link"), ("spam", "1 web link")])
def test_signs_of_spam_are_a_reason_only_where_it_was_suspected(
    managers_desk: Client, status: str, reason: str
) -> None:
    make_enquiry(status=status, screening_reasons=["1 web link"])
    [row] = csv_rows(exported(managers_desk, query="?show=all"))
    assert row["Why suspected of spam"] == reason


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?topic__exact=fees", ["Robin Rare"]),
        ("?q=rare", ["Robin Rare"]),
        ("?show=closed", ["Closed Case"]),
        ("?show=all&received_at__date__gte=", ["Robin Rare", "Sam Sample", "Closed Case"]),
    ],
)
def test_it_is_what_the_list_shows(managers_desk: Client, query: str, names: list[str]) -> None:
    make_enquiry(topic="fees", name="Robin Rare")
    make_enquiry(received_at=hours_ago(1))
    make_enquiry(status="closed", name="Closed Case", received_at=hours_ago(2))
    make_enquiry(is_canary=True)
    assert [row["Name"] for row in csv_rows(exported(managers_desk, query=query))] == names


def test_each_enquiry_in_the_file_is_recorded_and_no_name_is(managers_desk: Client) -> None:
    references = [make_enquiry(received_at=hours_ago(9 - number)).reference for number in range(5)]
    exported(managers_desk, "xlsx", "?q=Sam")
    event = EnquiryEvent.objects.get(kind="exported")
    assert sorted(event.references.split()) == sorted(references)
    assert (event.actor_name, event.detail, event.ip_address) == ("managers", "XLSX, All", "127.0.0.1")
    assert EnquiryEvent.objects.of(references[0]).filter(kind="exported").count() == 1


def test_a_long_list_takes_few_queries(
    managers_desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person("Reception")
    for _ in range(30):
        make_enquiry(assigned_to=person)
    with django_assert_max_num_queries(12):
        assert len(csv_rows(exported(managers_desk))) == 30
