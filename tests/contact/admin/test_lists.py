"""What the desk's pages have in common: breadcrumbs, filters, and no error whatever somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from contact.models import ReplyText
from tests.contact.admin.enquiry_page import address_of
from tests.contact.factories import make_enquiry, make_message

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
DASHBOARD = reverse("admin:index")
LIST = reverse("admin:contact_enquiry_changelist")
NONSENSE = (
    "received_at__date__lte=9999-12-31", "received_at__date__gte=0001-01-01", "received_at__date__gte=x", "p=0", "p=x",
    f"p={'9' * 5000}", "show=x", "show=%00", "q=%00", "q=%2522", "o=x", "o=-99.1", "all=x", "topic__exact=%00",
    "preferred_contact__exact=x", f"colleague={'9' * 5000}", "_popup=1", "_to_field=x", "status__exact=x",
    "password__exact=x", "_changelist_filters=%00",
)  # fmt: skip


@pytest.fixture
def managers_desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def breadcrumbs(client: Client, page: str) -> str:
    html = client.get(page).content.decode()
    return html[html.index('<div class="breadcrumbs">') :].partition("</div>")[0]


def test_there_is_one_front_panel(managers_desk: Client) -> None:
    response = managers_desk.get(reverse("admin:app_list", args=["contact"]))
    assert (response.status_code, response["Location"]) == (302, DASHBOARD)


@pytest.mark.parametrize("model", ["message", "enquiryevent", "purgerun", "redflag", "replytext"])
def test_a_list_is_right_below_the_front_panel(managers_desk: Client, model: str) -> None:
    way = breadcrumbs(managers_desk, reverse(f"admin:contact_{model}_changelist"))
    assert way.count("<a ") == 1
    assert f'<a href="{DASHBOARD}">Home</a>' in way


def test_the_pages_below_a_list_lead_back_to_it(managers_desk: Client) -> None:
    text, message = ReplyText.objects.all()[0], make_message()
    for page in (
        *(reverse(f"admin:contact_replytext_{page}", args=[text.pk]) for page in ("change", "history", "delete")),
        reverse("admin:contact_replytext_add"),
        reverse("admin:contact_message_change", args=[message.pk]),
    ):
        assert f'<a href="/django-admin/contact/{page.split("/")[3]}/">' in breadcrumbs(managers_desk, page)
    assert not LogEntry.objects.exists()


def test_reception_sees_nothing_of_the_warning_signs(desk: Client) -> None:
    assert desk.get(reverse("admin:contact_redflag_changelist")).status_code == 403
    assert not list(desk.get(DASHBOARD).context["messages"])


@pytest.mark.parametrize("query", NONSENSE)
def test_list_export_and_page_accept_any_address(managers_desk: Client, query: str) -> None:
    detail = address_of(make_enquiry())
    in_list = urlencode({"_changelist_filters": query.replace("%00", "\0")})
    for address in (f"{LIST}?{query}", f"{reverse('admin:contact_enquiry_export')}?{query}", f"{detail}?{in_list}"):
        assert managers_desk.get(address).status_code < 500, address
    assert managers_desk.post(f"{detail}?{in_list}", {"_next": "1", "status": "x"}).status_code < 500


@pytest.mark.parametrize("query", ["q=%00", "p=x", f"p={'9' * 5000}", "o=x", "state=%00", "kind__exact=x", "when=x"])
def test_the_other_lists_accept_any_address(managers_desk: Client, query: str) -> None:
    make_message()
    for model in ("message", "enquiryevent", "purgerun", "redflag", "replytext"):
        address = f"{reverse(f'admin:contact_{model}_changelist')}?{query}"
        assert managers_desk.get(address).status_code < 500, address


@pytest.mark.parametrize("typed", ["9" * 5000, "\0", "²"])
def test_the_pages_of_an_enquiry_accept_anything_posted(desk: Client, typed: str) -> None:
    message = make_message(kind="patient_receipt")
    names = (
        "seen", "verdict", "ready_made", "_choose", "text", "message_id", "recipient", "call_outcome", "note_text",
        "status", "initial-status", "assigned_to", "seen_revision", "attempts",
    )  # fmt: skip
    for page in ("take", "verdict", "change", "reply"):
        response = desk.post(address_of(message.enquiry, page), dict.fromkeys(names, typed))
        assert response.status_code in {200, 302}, page
    assert desk.post(address_of(message.enquiry, "resend", message.pk), {"attempts": typed}).status_code == 302


@pytest.mark.parametrize("pk", ["x", "9" * 30, "9" * 5000, "%00"])
def test_an_impossible_primary_key_is_not_found(desk: Client, pk: str) -> None:
    for page in ("change", "reply", "others"):
        assert desk.get(f"{LIST}{pk}/{page}/").status_code == 404
