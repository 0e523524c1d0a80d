"""The words around the desk's lists: where a page stands, what a filter is called, what is asked and of whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from contact.mail.outbox import NO_SERVER
from contact.models import DeliveryAttempt, RedFlag, ReplyText
from tests.contact.enquiry_page import address_of
from tests.contact.factories import make_enquiry, make_message

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
FRONT_PANEL = reverse("admin:index")


@pytest.fixture
def managers_desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def test_there_is_one_front_panel(managers_desk: Client) -> None:
    response = managers_desk.get(reverse("admin:app_list", args=["contact"]))
    assert (response.status_code, response["Location"]) == (302, FRONT_PANEL)


@pytest.mark.parametrize("model", ["message", "enquiryevent", "purgerun", "job", "redflag"])
def test_a_list_stands_right_below_the_front_panel(managers_desk: Client, model: str) -> None:
    html = managers_desk.get(reverse(f"admin:contact_{model}_changelist")).content.decode()
    way = html[html.index('<div class="breadcrumbs">') :].partition("</div>")[0]
    assert way.count("<a ") == 1
    assert f'<a href="{FRONT_PANEL}">Home</a>' in way
    assert "Enquiries" not in way


def test_what_is_below_a_list_leads_back_to_it(managers_desk: Client) -> None:
    text, message = ReplyText.objects.all()[0], make_message()
    pages = [
        *(reverse(f"admin:contact_replytext_{page}", args=[text.pk]) for page in ("change", "history", "delete")),
        reverse("admin:contact_replytext_add"),
        reverse("admin:contact_message_change", args=[message.pk]),
    ]
    for page in pages:
        html = managers_desk.get(page).content.decode()
        way = html[html.index('<div class="breadcrumbs">') :].partition("</div>")[0]
        assert f'<a href="{page.rpartition("contact/")[0]}contact/{page.split("/")[3]}/">' in way, page
        assert reverse("admin:app_list", args=["contact"]) + '"' not in way, page
    assert not LogEntry.objects.exists()


def test_filters_say_what_they_choose(managers_desk: Client) -> None:
    RedFlag.objects.filter(name="Chest pain").update(is_active=False)
    html = managers_desk.get(reverse("admin:contact_redflag_changelist")).content.decode()
    for words in ("By use", "In use", "Out of use"):
        assert words in html


def test_the_browser_asks_for_a_colleague_so_that_the_ticks_stay_and_no_other_button_asks(desk: Client) -> None:
    make_enquiry()
    html = desk.get(reverse("admin:contact_enquiry_changelist")).content.decode()
    form = html[html.index('<form id="changelist-form"') :]
    assert "novalidate" not in form.partition(">")[0]
    assert re.search(r'<select name="colleague"[^>]* required>', form)
    buttons = re.findall(r'<button type="submit" name="\w+" value="(\w+)"( formnovalidate)?', form)
    assert [value for value, asks_nothing in buttons if not asks_nothing] == ["assign"]


def test_mail_that_was_only_printed_is_not_called_accepted(desk: Client) -> None:
    message = make_message(sent_at=timezone.now(), attempts=1)
    attempt = DeliveryAttempt.objects.create(
        message=message, started_at=timezone.now(), outcome="sent", reply="250 queued"
    )
    assert "accepted by the mail server" in desk.get(address_of(message.enquiry)).content.decode()
    attempt.reply = NO_SERVER
    attempt.save()
    html = desk.get(address_of(message.enquiry)).content.decode()
    assert "printed, not sent" in html
    assert "accepted by the mail server" not in html


def test_who_may_not_see_the_warning_signs_hears_nothing_of_them(desk: Client) -> None:
    assert desk.get(reverse("admin:contact_redflag_changelist")).status_code == 403
    assert not list(desk.get(FRONT_PANEL).context["messages"])
