"""The desk's dashboard: what needs attention now, and a calm page when nothing does."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contact.models import DeskSettings, Enquiry
from contact.workflow.overview import dashboard, overview
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")


def test_it_counts_what_is_undecided_with_one_query(
    receptionist: User, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_enquiry(received_at=hours_ago(50), assigned_to=receptionist, due_at=hours_ago(2))
    make_enquiry(received_at=hours_ago(2), assigned_to=manager, status="in_progress", red_flags=["Stroke"])
    failing = make_enquiry(received_at=hours_ago(1))
    make_enquiry(status="suspected_spam", red_flags=["Stroke"])
    make_enquiry(received_at=hours_ago(99), status="answered", assigned_to=receptionist, due_at=hours_ago(2))
    make_enquiry(is_canary=True)
    make_message(enquiry=failing, kind="patient_receipt", is_refused=True)
    make_message(enquiry=failing, created_at=hours_ago(3))
    make_message(enquiry=make_enquiry(assigned_to=manager), kind="patient_receipt", sent_at=hours_ago(1))
    with django_assert_num_queries(1):
        desk = overview(receptionist)
    assert (desk["waiting"], desk["overdue"], desk["mine"], desk["unassigned"]) == (4, 1, 1, 1)
    assert (desk["flagged"], desk["suspected"], desk["undelivered"]) == (2, 1, 1)


def test_each_tile_leads_to_a_list_of_what_it_counts_and_is_gone_once_it_is_done(
    desk: Client, receptionist: User
) -> None:
    first = make_enquiry(assigned_to=receptionist, red_flags=["Stroke"])
    make_enquiry(due_at=hours_ago(1))
    make_enquiry(status="suspected_spam", received_at=hours_ago(5))
    make_enquiry(follow_up_at=hours_ago(1))
    make_enquiry(follow_up_at=hours_ago(-1))
    make_message(enquiry=make_enquiry(), kind="patient_receipt", bounced_at=hours_ago(1), sent_at=hours_ago(2))
    html = desk.get(INDEX).content.decode()
    tiles = re.findall(r'href="([^"]*show=\w+)"><strong>(\d+)', html)
    for address, number in tiles:
        assert len(desk.get(address).context["cl"].result_list) == int(number), address
    queues = ["flagged", "overdue", "undelivered", "follow_up", "unassigned", "mine"]
    assert [address.partition("=")[2] for address, _number in tiles] == queues
    assert f'href="{reverse("admin:contact_enquiry_change", args=[first.pk])}"' in html

    Enquiry.objects.update(status="answered")
    html = desk.get(INDEX).content.decode()
    assert "No one is waiting." in html
    assert 'class="tiles"' not in html


def test_managers_are_reminded_to_enter_an_address_for_alarms(
    managers_desk: Client, manager: User, receptionist: User
) -> None:
    settings = reverse("wagtailsettings:edit", args=["contact", "desksettings"])
    assert f'<a href="{settings}">Settings → Enquiry desk</a>.' in managers_desk.get(INDEX).content.decode()
    assert not dashboard(receptionist, timezone.now())["lacks_alarms"], "they cannot change it"
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    assert not dashboard(manager, timezone.now())["lacks_alarms"]


@pytest.mark.parametrize("role", ["Reception", "Managers"])
def test_each_role_sees_the_links_that_it_may_open(client: Client, role: str) -> None:
    user = make_person(role)
    client.force_login(user)
    front, settings = (client.get(page).content.decode() for page in (INDEX, reverse("admin:contact_enquiry_settings")))
    assert front.partition('class="places"')[2].count("<li>") == 3
    for address in re.findall(r'<li><a href="([^"]+)"', front + settings):
        assert client.get(address, follow=True).status_code == 200, address
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            assert reverse(f"admin:{name}_changelist") in front + settings or role == "Reception"
