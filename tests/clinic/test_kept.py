"""What is kept in memory: made once for each content version, and never too old, a draft or half of a change."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.template import Context, Template

from clinic import kept as memory
from clinic.kept import MOST, kept, kept_each, one_reading, read_anew
from clinic.models import ContentVersion
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

committing = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def in_a_request(key: str = "menu", make: Callable[[], object] = object) -> object:
    with one_reading():
        return kept(key, make)


@committing
def test_it_is_made_once_for_each_content_version() -> None:
    first = in_a_request()
    assert in_a_request() is first
    assert in_a_request("footer") is not first
    ContentVersion.renew()
    second = in_a_request()
    assert second is not first
    assert in_a_request() is second


@committing
def test_a_request_asks_for_the_version_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1), one_reading():
        kept("menu", object)
        kept("footer", object)
        kept_each("picture", {1, 2}, dict.fromkeys)


@committing
def test_a_request_sees_one_state_until_it_changes_something_itself() -> None:
    with one_reading():
        before = kept("menu", object)
        ContentVersion.renew()  # as another process does
        assert kept("menu", object) is before
        factories.make_standard("About")
        assert kept("menu", object) is not before


@committing
def test_what_is_published_while_a_thing_is_made_makes_it_an_old_one() -> None:
    def make() -> object:
        ContentVersion.renew()
        read_anew()
        return object()

    assert in_a_request(make=make) is not in_a_request()


@committing
def test_outside_of_requests_nothing_is_kept() -> None:
    assert kept("menu", object) is not kept("menu", object)
    assert kept_each("picture", {1}, lambda numbers: dict.fromkeys(numbers, "river")) == {1: "river"}


@committing
def test_nothing_is_kept_of_a_change_that_was_taken_back() -> None:
    with suppress(RuntimeError), transaction.atomic():
        unsaid = in_a_request()
        raise RuntimeError
    assert in_a_request() is not unsaid


@pytest.mark.django_db
def test_inside_a_transaction_a_request_reads_a_thing_once() -> None:
    with one_reading():
        assert kept("menu", object) is kept("menu", object)


@committing
def test_a_makeshift_from_a_failing_database_is_not_kept() -> None:
    def make() -> str:
        connection.errors_occurred = True
        return "makeshift"

    assert in_a_request(make=make) == "makeshift"
    connection.errors_occurred = False
    assert in_a_request(make=lambda: "the menu") == "the menu"


@committing
def test_it_ends_at_midnight_at_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.kept.timezone.localdate", lambda: date(2026, 1, 31))
    before = in_a_request()
    monkeypatch.setattr("clinic.kept.timezone.localdate", lambda: date(2026, 2, 1))
    assert in_a_request() is not before


@committing
def test_of_several_only_those_that_are_missing_are_fetched() -> None:
    asked = []

    def fetch(numbers: set[int]) -> dict[int, int]:
        asked.append(numbers)
        return {number: number * 10 for number in numbers if number != 3}

    for wanted in ({1, 2}, {2, 3}, {1, 2}):
        with one_reading():
            assert kept_each("picture", wanted, fetch) == {number: number * 10 for number in wanted - {3}}
    assert asked == [{1, 2}, {3}]


@committing
def test_made_up_names_do_not_fill_the_memory() -> None:
    with one_reading():
        for number in range(2 * MOST):
            kept(("site", f"{number}.clinic.example"), object)
    assert len(memory._memory) <= MOST


FRAGMENT = Template('{% load kept_tags %}{% kept "line" who %}{{ words }}{% endkept %}')


@committing
@pytest.mark.parametrize(("who", "second"), [("Robin", "one"), (None, "two")])
def test_a_part_of_a_page_is_kept_unless_it_is_not_known_what_it_depends_on(who: str | None, second: str) -> None:
    for words, expected in (("one", "one"), ("two", second)):
        with one_reading():
            assert FRAGMENT.render(Context({"words": words, "who": who})) == expected
    with one_reading():
        assert FRAGMENT.render(Context({"words": "three", "who": "Kim"})) == "three"
