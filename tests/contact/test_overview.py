"""The desk's front panel: what needs somebody now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from contact.overview import Overview, overview
from tests.contact.factories import hours_ago, make_enquiry, make_message

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_it_counts_what_waits_whose_it_is_and_what_mail_is_stuck(
    receptionist: User, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_enquiry(received_at=hours_ago(50), assigned_to=receptionist)
    make_enquiry(received_at=hours_ago(2), assigned_to=manager, status="in_progress")
    unassigned = make_enquiry(received_at=hours_ago(1))
    make_enquiry(received_at=hours_ago(99), status="answered", assigned_to=receptionist)
    make_message(enquiry=unassigned, is_refused=True)
    with django_assert_num_queries(2):
        desk = overview(receptionist, timezone.now())
    assert desk == Overview(waiting=3, longest="2 days 2 h", mine=1, unassigned=1, undelivered=1)


def test_an_empty_desk_says_so(client: Client, receptionist: User) -> None:
    client.force_login(receptionist)
    html = client.get(reverse("admin:index")).content.decode()
    assert "Nobody waits" in html
    assert "All mail" in html


def test_its_tiles_lead_to_lists_that_hold_what_they_count(client: Client, receptionist: User) -> None:
    mine = make_enquiry(assigned_to=receptionist)
    nobodys = make_enquiry()
    stuck = make_message(enquiry=nobodys, is_refused=True)
    client.force_login(receptionist)
    index = client.get(reverse("admin:index")).content.decode()
    for query, expected in (
        (f"?assigned_to__id__exact={receptionist.pk}", mine),
        ("?assigned_to__isnull=True", nobodys),
    ):
        assert query in index
        found = client.get(reverse("admin:contact_enquiry_changelist") + query).context["cl"].result_list
        assert list(found) == [expected]
    found = client.get(reverse("admin:contact_message_changelist") + "?state=attention").context["cl"].result_list
    assert list(found) == [stuck]
