"""The list at the desk, searched and narrowed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client

    from contact.models import Enquiry

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def shown(desk: Client, **query: str) -> list[Enquiry]:
    return list(desk.get(LIST, query).context["cl"].result_list)


def test_a_search_goes_through_all_of_them_unless_it_is_narrowed(desk: Client) -> None:
    waiting = make_enquiry(name="Robin Rare", received_at=hours_ago(1))
    closed = make_enquiry(name="Robin Rare", status="closed", received_at=hours_ago(90))
    make_enquiry()
    assert shown(desk, q="robin") == [waiting, closed]
    assert shown(desk, q="robin", show="closed") == [closed]


@pytest.mark.parametrize("typed", ["34-6797", "346797", "34 6797"])
def test_an_enquiry_is_found_by_its_reference_with_or_without_hyphen(desk: Client, typed: str) -> None:
    wanted = make_enquiry(reference="34-6797")
    make_enquiry(reference="K7-3F9Q")
    assert shown(desk, q=typed) == [wanted]


def test_a_name_that_could_be_a_reference_is_still_a_name(desk: Client) -> None:
    reference = make_enquiry(reference="HA-RPER", received_at=hours_ago(1))
    name = make_enquiry(name="Harper Doe", received_at=hours_ago(2))
    assert shown(desk, q="harper") == [reference, name]


@pytest.mark.parametrize("typed", ["no such person", "%", "' OR 1=1", "x" * 500])
def test_a_search_without_a_find_says_what_to_try(desk: Client, typed: str) -> None:
    make_enquiry()
    assert "Nothing matches" in desk.get(LIST, {"q": typed}).content.decode()


def test_the_list_can_be_narrowed(desk: Client) -> None:
    colleague = make_person("Reception", "second")
    received = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    wanted = make_enquiry(assigned_to=colleague, topic="fees", preferred_contact="phone", received_at=received)
    make_enquiry()
    for query in (
        {"colleague": str(colleague.pk)},
        {"topic": "fees"},
        {"way": "phone"},
        {"until": "2026-11-20"},
        {"since": "2026-11-20", "until": "2026-11-20"},
    ):
        assert shown(desk, **query) == [wanted]


@pytest.mark.parametrize(
    "query",
    ["show=nonsense", "topic=x", "colleague=1' or", "since=31 June", "p=x", "p=-3", "o=7", "e=1", "id=4", "q=%00"],
)
def test_an_address_that_makes_no_sense_shows_who_waits(desk: Client, query: str) -> None:
    waiting = make_enquiry()
    response = desk.get(f"{LIST}?{query}")
    assert list(response.context["cl"].result_list) == [waiting]
