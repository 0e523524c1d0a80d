"""The statistics page: who may see it, and what is on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.contact.factories import make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:contact_enquiry_numbers")


@pytest.mark.parametrize(
    ("role", "status"), [("Reception", 200), ("Managers", 200), ("Physiotherapists", 403), ("", 403)]
)
def test_whoever_sees_enquiries_sees_the_statistics(client: Client, role: str, status: int) -> None:
    client.force_login(make_person(role))
    assert client.get(PAGE).status_code == status


def test_the_page_is_only_read_and_only_after_signing_in(client: Client, desk: Client) -> None:
    assert desk.post(PAGE).status_code == 405
    desk.logout()
    assert client.get(PAGE).status_code == 302


def test_each_chart_has_a_name_and_a_table_and_no_one_is_named(desk: Client) -> None:
    make_enquiry(name="Robin Rare", email="robin@example.com", message="my knee", due_at=timezone.now())
    html = desk.get(PAGE).content.decode()
    sections = html.split('<section class="chart"')[1:]
    assert len(sections) == 2
    for section in sections:
        name = section.partition('aria-labelledby="')[2].partition("-heading")[0]
        for part in (f'aria-labelledby="{name}-title"', f'<title id="{name}-title">', "<details>", '<th scope="row">'):
            assert part in section
    assert "style=" not in html, "the desk's security policy forbids inline styles"
    assert not any(private in html for private in ("Robin", "robin@", "knee"))


def test_without_enquiries_the_page_says_so(desk: Client) -> None:
    html = desk.get(PAGE).content.decode()
    assert "No enquiries in the last twelve months." in html
    assert "<details>" not in html


def test_the_page_takes_the_same_few_queries_however_many_enquiries_there_are(desk: Client) -> None:
    numbers = []
    for _ in range(2):
        for days in range(1, 200, 9):
            received = timezone.now() - timedelta(days=days)
            make_enquiry(received_at=received, due_at=received, answered_at=received, status="answered")
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE)
        numbers.append(len(queries))
    assert numbers[1] <= numbers[0] <= 20
