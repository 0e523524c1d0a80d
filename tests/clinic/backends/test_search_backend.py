"""Wagtail's search takes whatever people type, on the public site and in the admin."""

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.search.query import MATCH_ALL, PlainText

from clinic.backends.search import clean
from tests import factories

WILD = [
    '"', "\x00", '"""', "a\x00b", "'", "\\", "*", "-", "(", ")", "AND", "OR NOT", ":", "^", "{}", "😀", "%",
    "x" * 10_000,
]  # fmt: skip


def test_a_query_that_is_no_text_is_left_as_it_is() -> None:
    assert clean(MATCH_ALL) is MATCH_ALL
    words = PlainText("dry needling")
    assert clean(words) is words


@pytest.mark.django_db
def test_no_text_breaks_a_search() -> None:
    factories.make_standard("About us")
    for typed in WILD:
        assert list(Page.objects.search(typed)) == list(Page.objects.autocomplete(typed)) == [], typed[:20]


@pytest.mark.django_db
def test_words_between_quotation_marks_are_found() -> None:
    page = factories.make_standard("Frozen shoulder")
    assert [found.pk for found in Page.objects.search('"frozen shoulder"')] == [page.pk]
    assert [found.pk for found in Page.objects.autocomplete('"froz')] == [page.pk]


@pytest.mark.parametrize("address", ["/admin/pages/search/", "/admin/images/", "/admin/users/"])
def test_no_text_breaks_a_search_in_the_admin(admin_client: Client, address: str) -> None:
    for typed in ("%22", "%00", "a%00b", "%27", "*", "x" * 10_000):
        assert admin_client.get(f"{address}?q={typed}").status_code == 200, typed[:20]
