"""The statistics page: who may see it, and what is on it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:contact_enquiry_numbers")


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
