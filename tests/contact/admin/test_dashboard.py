"""The desk's dashboard: what needs attention now, and a calm page when nothing does."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from contact.admin.dashboard import LINKS, dashboard, links_for
from contact.models import DeskSettings, Enquiry
from contact.workflow.overview import overview
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")


def test_it_counts_what_is_undecided_with_one_query(
    receptionist: User, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = hours_ago(50)
    make_enquiry(received_at=first, assigned_to=receptionist, due_at=hours_ago(2))
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
    assert (desk.waiting, desk.overdue, desk.mine, desk.unassigned) == (4, 1, 1, 1)
    assert (desk.flagged, desk.suspected, desk.undelivered, desk.waiting_since) == (2, 1, 1, first)


def test_each_tile_leads_to_a_list_of_what_it_counts_and_is_gone_once_it_is_done(
    desk: Client, receptionist: User
) -> None:
    first = make_enquiry(assigned_to=receptionist, red_flags=["Stroke"])
    make_enquiry(due_at=hours_ago(1))
    make_enquiry(status="suspected_spam", received_at=hours_ago(5))
    make_message(enquiry=make_enquiry(), kind="patient_receipt", bounced_at=hours_ago(1), sent_at=hours_ago(2))
    html = desk.get(INDEX).content.decode()
    panel = dashboard(receptionist)
    for tile in panel.tiles:
        assert tile.url in html
        assert len(desk.get(tile.url).context["cl"].result_list) == tile.number
    assert len(panel.tiles) == 7
    assert {tile.queue for tile in panel.tiles if tile.is_urgent} == {"flagged", "overdue", "undelivered"}
    assert panel.first_url == reverse("admin:contact_enquiry_change", args=[first.pk])
    assert f'href="{panel.first_url}"' in html

    Enquiry.objects.update(status="answered")
    assert dashboard(receptionist).tiles == []
    html = desk.get(INDEX).content.decode()
    for words in ("No one is waiting.", "Nothing is overdue.", "All mail has been delivered.", "no suspected spam"):
        assert words in html
    assert 'class="tiles"' not in html


def test_managers_are_reminded_to_enter_an_address_for_alarms(
    managers_desk: Client, manager: User, receptionist: User
) -> None:
    settings = reverse("wagtailsettings:edit", args=["contact", "desksettings"])
    assert f'<a href="{settings}">Settings → Enquiry desk</a>.' in managers_desk.get(INDEX).content.decode()
    assert not dashboard(receptionist).alarm_settings_url, "they cannot change it"
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    assert not dashboard(manager).alarm_settings_url


@pytest.mark.parametrize("role", ["Reception", "Managers"])
def test_each_role_sees_the_links_that_it_may_open(client: Client, role: str) -> None:
    user = make_person(role)
    client.force_login(user)
    html = client.get(INDEX).content.decode()
    for link in LINKS:
        may_open = user.has_perm(link.permission)
        assert (link.url in html) is may_open
        if may_open:
            assert client.get(link.url, follow=True).status_code == 200, link.title
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            assert reverse(f"admin:{name}_changelist") in html or role == "Reception"
    assert role == "Managers" or {link.group for link in links_for(user)} == {"Every day"}
