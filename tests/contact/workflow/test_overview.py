"""The desk's front panel: what needs somebody now, and calm when nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from contact.admin.panel import NO_SECOND_CHANNEL, Tile, panel
from contact.admin.panel_links import PLACES, places_for
from contact.models import DeskSettings, Enquiry, Message
from contact.workflow.overview import first_of_those_who_wait, overview
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")


def tiles(user: User) -> dict[str, Tile]:
    return {tile.address.partition("?show=")[2]: tile for tile in panel(user).tiles}


def test_it_counts_what_waits_and_reads_nothing_of_what_is_done(
    receptionist: User, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = hours_ago(50)
    make_enquiry(received_at=first, assigned_to=receptionist, due_at=hours_ago(2))
    make_enquiry(received_at=hours_ago(2), assigned_to=manager, status="in_progress", red_flags=["Stroke"])
    hanging = make_enquiry(received_at=hours_ago(1))
    make_enquiry(status="suspected_spam", red_flags=["Stroke"])
    make_enquiry(received_at=hours_ago(99), status="answered", assigned_to=receptionist, due_at=hours_ago(2))
    make_enquiry(is_canary=True)
    make_message(enquiry=hanging, kind="patient_receipt", is_refused=True)
    with django_assert_num_queries(2):
        desk = overview(receptionist, timezone.now())
    assert (desk.waiting, desk.overdue, desk.mine, desk.unassigned) == (3, 1, 1, 1)
    assert (desk.flagged, desk.suspected, desk.hanging) == (2, 1, frozenset({hanging.pk}))
    assert first_of_those_who_wait() == first


def test_each_tile_leads_to_a_list_that_holds_what_it_counts(client: Client, receptionist: User) -> None:
    make_enquiry(assigned_to=receptionist, red_flags=["Stroke"])
    make_enquiry(due_at=hours_ago(1))
    make_enquiry(status="suspected_spam")
    make_message(enquiry=make_enquiry(), kind="patient_receipt", bounced_at=hours_ago(1), sent_at=hours_ago(2))
    client.force_login(receptionist)
    html = client.get(INDEX).content.decode()
    shown = panel(receptionist).tiles
    assert len(shown) == 7
    for tile in shown:
        assert tile.address in html
        assert len(client.get(tile.address).context["cl"].result_list) == tile.number


def test_red_is_only_what_needs_somebody_and_is_gone_when_it_is_done(receptionist: User) -> None:
    enquiry = make_enquiry(due_at=hours_ago(1), red_flags=["Stroke"])
    make_message(enquiry=enquiry, kind="patient_receipt", bounced_at=hours_ago(1), sent_at=hours_ago(2))
    assert {show for show, tile in tiles(receptionist).items() if tile.is_urgent} == {
        "flagged", "overdue", "undelivered",
    }  # fmt: skip
    enquiry.status = "answered"
    enquiry.save()
    assert panel(receptionist).tiles == []


def test_mail_that_does_not_arrive_is_red_until_it_has_arrived_or_the_patient_was_reached(receptionist: User) -> None:
    mail = make_message(kind="patient_receipt", created_at=hours_ago(1))
    assert overview(receptionist).undelivered == 1
    Message.objects.update(sent_at=timezone.now())
    assert overview(receptionist).undelivered == 0
    Message.objects.update(bounced_at=timezone.now())
    assert overview(receptionist).undelivered == 1
    Enquiry.objects.filter(pk=mail.enquiry_id).update(status="answered")
    assert overview(receptionist).undelivered == 0


def test_a_calm_desk_says_so(client: Client, receptionist: User) -> None:
    make_enquiry(status="closed")
    client.force_login(receptionist)
    html = client.get(INDEX).content.decode()
    for words in ("Nobody waits.", "Nothing is overdue.", "All mail arrives.", "Nothing is suspected"):
        assert words in html
    assert '<li class="is-urgent">' not in html


def test_work_begins_with_the_first_in_line(client: Client, receptionist: User) -> None:
    make_enquiry(received_at=hours_ago(5))
    flagged = make_enquiry(red_flags=["Chest pain"])
    client.force_login(receptionist)
    address = panel(receptionist).first_address
    assert address == reverse("admin:contact_enquiry_change", args=[flagged.pk])
    assert f'href="{address}"' in client.get(INDEX).content.decode()


def test_managers_are_told_while_alarms_reach_nobody(client: Client, manager: User, receptionist: User) -> None:
    client.force_login(manager)
    html = client.get(INDEX).content.decode()
    settings = reverse("wagtailsettings:edit", args=["contact", "desksettings"])
    assert f'{NO_SECOND_CHANNEL} Name an address under <a href="{settings}">Settings → Enquiry desk</a>.' in html
    assert html.index(NO_SECOND_CHANNEL) < html.index('<p class="in-order">'), "it is not in order"
    assert not panel(receptionist).to_set_up, "they cannot set it"
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    assert not panel(manager).to_set_up


@pytest.mark.parametrize("role", ["Reception", "Managers"])
def test_each_role_is_shown_what_it_may_open_and_can_open_it(client: Client, role: str) -> None:
    user = make_person(role)
    client.force_login(user)
    html = client.get(INDEX).content.decode()
    for place in PLACES:
        may_open = user.has_perm(place.permission)
        assert (place.address in html) is may_open
        if may_open:
            assert client.get(place.address, follow=True).status_code == 200, place.title


def test_reception_sees_nothing_of_the_managers(receptionist: User) -> None:
    assert [group.title for group in places_for(receptionist)] == ["Every day"]


def test_every_list_that_managers_may_open_is_reached_from_the_panel(client: Client) -> None:
    manager = make_person("Managers")
    client.force_login(manager)
    html = client.get(INDEX).content.decode()
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if manager.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            assert reverse(f"admin:{name}_changelist") in html


@pytest.mark.parametrize(
    ("role", "status"), [("Reception", 200), ("Managers", 200), ("Physiotherapists", 403), ("", 403)]
)
def test_the_panel_is_for_those_who_answer(client: Client, role: str, status: int) -> None:
    client.force_login(make_person(role))
    assert client.get(INDEX).status_code == status


def test_the_panel_takes_few_queries(
    client: Client, receptionist: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        make_message(enquiry=make_enquiry(red_flags=["Stroke"], due_at=hours_ago(1)), is_refused=True)
    client.force_login(receptionist)
    client.get(INDEX)  # makes the clinic's details
    with django_assert_max_num_queries(20):
        client.get(INDEX)
