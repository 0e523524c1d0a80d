"""Working through a list: the next and the previous one, also after the one in hand has left the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from contact.admin.neighbours import neighbours, next_address
from contact.admin.tabs import TABS
from contact.models import Enquiry
from tests.contact.factories import hours_ago, make_enquiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import HttpRequest
    from django.test import Client, RequestFactory
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


@pytest.fixture
def opened_from(rf: RequestFactory, receptionist: User) -> Callable[[str], HttpRequest]:
    """Return a maker of requests for an enquiry, as the list of this address links to it."""

    def request(address: str) -> HttpRequest:
        made = rf.get("/", {"_changelist_filters": address} if address else {})
        made.user = receptionist
        return made

    return request


def number_in(address: str) -> int | None:
    numbers = [part for part in address.split("/") if part.isdecimal()]
    return int(numbers[0]) if numbers else None


@pytest.mark.parametrize("show", ["", "show=waiting", "show=all", "show=unassigned&p=2", "q=sam", "show=flagged"])
def test_whoever_goes_on_and_on_meets_each_line_of_the_list_once(
    client: Client, receptionist: User, opened_from: Callable[[str], HttpRequest], show: str
) -> None:
    moment = hours_ago(5)
    for number in range(4):
        make_enquiry(received_at=moment if number < 2 else hours_ago(number))
        make_enquiry(received_at=moment, red_flags=["Stroke"])
    make_enquiry(status="closed", received_at=hours_ago(3))
    client.force_login(receptionist)
    first_page = show.replace("&p=2", "")
    line = [enquiry.pk for enquiry in client.get(f"{LIST}?{first_page}").context["cl"].result_list]
    request = opened_from(show)
    for before, after in zip([None, *line], [*line, None], strict=True):
        if before:
            assert number_in(neighbours(request, Enquiry.objects.get(pk=before)).next) == after
        if after:
            assert number_in(neighbours(request, Enquiry.objects.get(pk=after)).previous) == before


def test_the_way_back_and_on_keeps_the_list_but_not_its_page(opened_from: Callable[[str], HttpRequest]) -> None:
    first, _second = make_enquiry(received_at=hours_ago(2)), make_enquiry()
    line = neighbours(opened_from("show=unassigned&p=2"), first)
    assert line.list_address == f"{LIST}?show=unassigned&p=2"
    assert line.next.endswith("?_changelist_filters=show%3Dunassigned")
    assert (line.label, line.previous) == ("“Nobody’s”", "")


def test_an_answered_one_leads_on_from_the_place_it_had(opened_from: Callable[[str], HttpRequest]) -> None:
    _first, second, third = (make_enquiry(received_at=hours_ago(hours)) for hours in (3, 2, 1))
    Enquiry.objects.filter(pk=second.pk).update(status="answered")
    assert number_in(next_address(opened_from(""), second)) == third.pk


def test_after_the_last_come_those_that_were_skipped_and_then_the_list(
    opened_from: Callable[[str], HttpRequest],
) -> None:
    skipped, last = make_enquiry(received_at=hours_ago(2)), make_enquiry(received_at=hours_ago(1))
    assert number_in(next_address(opened_from("show=waiting"), last)) == skipped.pk
    Enquiry.objects.update(status="answered")
    assert next_address(opened_from("show=waiting"), last) == f"{LIST}?show=waiting"
    assert next_address(opened_from(""), last) == LIST


def test_mine_are_mine(opened_from: Callable[[str], HttpRequest], receptionist: User) -> None:
    first = make_enquiry(assigned_to=receptionist, received_at=hours_ago(3))
    make_enquiry(received_at=hours_ago(2))
    second = make_enquiry(assigned_to=receptionist, received_at=hours_ago(1))
    assert number_in(neighbours(opened_from("show=mine"), first).next) == second.pk


def test_a_step_takes_one_short_query_each_way(
    opened_from: Callable[[str], HttpRequest], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    enquiry = make_enquiry()
    for tab in TABS:
        # “Undelivered” asks the outbox first, twice each way.
        with django_assert_max_num_queries(6 if tab.slug == "undelivered" else 2):
            neighbours(opened_from(f"show={tab.slug}"), enquiry)
