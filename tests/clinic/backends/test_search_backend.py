"""Wagtail's search takes whatever people type, on the public site and in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, PlainText

from clinic.backends.search import LONGEST_QUERY, SearchBackend, clean
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

WILD = [
    '"',
    "\x00",
    '"""',
    "a\x00b",
    "'",
    "\\",
    "*",
    "-",
    "(",
    ")",
    "AND",
    "OR NOT",
    ":",
    "^",
    "{}",
    "😀",
    "%",
    "x" * 10_000,
]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ('"', ""),
        ('dry "needling"', "dry  needling"),
        ("dry\x00needling", "dry needling"),
        ("  frozen\tshoulder\n", "frozen shoulder"),
        ("tennis elbow", "tennis elbow"),
        ("Genève 😀", "Genève 😀"),
        ("-", ""),
        (" _ * 😀 -- ", ""),
        ("-ims", "-ims"),
    ],
)
def test_what_a_search_cannot_take_is_left_out(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


def test_a_very_long_query_is_cut() -> None:
    assert clean("x" * 10_000) == "x" * LONGEST_QUERY


def test_a_query_that_is_no_text_is_left_as_it_is() -> None:
    assert clean(MATCH_ALL) is MATCH_ALL
    words = PlainText("dry needling")
    assert clean(words) is words


@pytest.mark.django_db
def test_the_site_searches_through_this_backend() -> None:
    assert isinstance(get_search_backend(), SearchBackend)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", WILD)
def test_no_text_breaks_a_search(typed: str) -> None:
    factories.make_standard("About us")
    assert list(Page.objects.search(typed)) == []
    assert list(Page.objects.autocomplete(typed)) == []


@pytest.mark.django_db
def test_words_between_quotation_marks_are_found() -> None:
    page = factories.make_standard("Frozen shoulder")
    assert [found.pk for found in Page.objects.search('"frozen shoulder"')] == [page.pk]
    assert [found.pk for found in Page.objects.autocomplete('"froz')] == [page.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%22", "%00", "a%00b", "%27", "*", "x" * 10_000])
@pytest.mark.parametrize("address", ["/admin/pages/search/", "/admin/images/", "/admin/users/"])
def test_the_admin_search_takes_it_too(admin_client: Client, address: str, typed: str) -> None:
    response = admin_client.get(f"{address}?q={typed}")
    assert response.status_code == 200
    assert User.objects.count() == 1
