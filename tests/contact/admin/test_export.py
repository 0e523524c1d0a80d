"""Managers export a list with its filters, and every enquiry in the file is recorded."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from contact.models import Enquiry, EnquiryEvent
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:contact_enquiry_export")


def exported(client: Client, form: str = "csv", query: str = "") -> bytes:
    response = client.post(EXPORT + query, {"format": form})
    assert response["Content-Disposition"].startswith('attachment; filename="enquiries-2')
    assert "no-store" in response["Cache-Control"]
    return response.content


def csv_rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def test_the_page_shows_how_many_enquiries_the_file_will_hold(managers_desk: Client) -> None:
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
        "Topic": "A treatment",
        "Phone": "'+1 867 555 0142", "Message": "'=1+1", "Voicemail OK": "no",
        "Assigned to": "reception", "Warning signs": "Chest pain", "Why suspected of spam": "",
    }  # fmt: skip
    assert row | expected == row
    sheet = openpyxl.load_workbook(BytesIO(exported(managers_desk, "xlsx")))["Enquiries"]
    assert [cell.value for cell in sheet[1]] == list(row)
    assert [cell.value for cell in sheet[2]][:2] == [enquiry.reference, datetime(2026, 11, 23, 18)]  # noqa: DTZ001  as sheets have them


def test_signs_of_spam_are_a_reason_only_where_it_was_suspected(managers_desk: Client) -> None:
    for status in ("new", "suspected_spam", "spam"):
        make_enquiry(status=status, screening_reasons=["1 web link"])
    reasons = {
        row["Status"]: row["Why suspected of spam"] for row in csv_rows(exported(managers_desk, query="?show=all"))
    }
    assert reasons == {"New": "", "Suspected spam": "1 web link", "Spam": "1 web link"}


@pytest.mark.parametrize(
    ("query", "names", "detail"),
    [
        ("?topic__exact=fees", ["Robin Rare"], "CSV, Waiting"),
        ("?q=rare", ["Robin Rare"], "CSV, All"),
        ("?show=closed", ["Closed Case"], "CSV, Closed"),
        ("?show=all&received_at__date__gte=", ["Robin Rare", "Sam Sample", "Closed Case"], "CSV, All"),
    ],
)
def test_the_file_has_what_the_list_shows_and_each_enquiry_in_it_is_recorded(
    managers_desk: Client, query: str, names: list[str], detail: str
) -> None:
    make_enquiry(topic="fees", name="Robin Rare")
    make_enquiry(received_at=hours_ago(1))
    make_enquiry(status="closed", name="Closed Case", received_at=hours_ago(2))
    make_enquiry(is_canary=True)
    rows = csv_rows(exported(managers_desk, query=query))
    assert [row["Name"] for row in rows] == names
    event = EnquiryEvent.objects.get(kind="exported")
    assert set(event.references.split()) == {row["Reference"] for row in rows}
    assert (event.actor_name, event.detail, event.ip_address) == ("managers", detail, "127.0.0.1")
