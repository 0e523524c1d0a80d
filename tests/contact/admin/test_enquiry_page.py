"""The page of one enquiry: what it shows and in which order, and how to move through a list."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message
from contact.models.event import EventType, record
from contact.workflow.timeline import timeline_of
from tests.contact.admin.enquiry_page import address_of, press
from tests.contact.factories import hours_ago, make_enquiry, make_message

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def html_of(desk: Client, enquiry: Enquiry) -> str:
    return desk.get(address_of(enquiry)).content.decode()


def opened(enquiry: Enquiry, person: User, hours: float) -> None:
    EnquiryEvent.objects.create(
        kind="seen", reference=enquiry.reference, actor=person, actor_name=person.username, at=hours_ago(hours)
    )  # fmt: skip


def test_the_timeline_has_everything_the_newest_first(receptionist: User, manager: User) -> None:
    enquiry = make_enquiry(received_at=hours_ago(9))
    for hours in (8, 7.9, 7.5):
        opened(enquiry, receptionist, hours)
    opened(enquiry, manager, 7.8)
    Entry.objects.create(enquiry=enquiry, kind="note", text="A note", author=receptionist, at=hours_ago(7))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="no_answer", author=receptionist, at=hours_ago(6))
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello", author=receptionist, at=hours_ago(5))
    make_message(enquiry=enquiry, kind="reply", entry=entry, sent_at=hours_ago(5), bounced_at=hours_ago(4))
    make_message(enquiry=enquiry, created_at=hours_ago(9))
    EnquiryEvent.objects.create(kind="escalated", reference=enquiry.reference, at=hours_ago(3))
    opened(enquiry, receptionist, 2)
    record(EventType.CHANGED, enquiry.reference, detail="status: New → In progress")
    notification = Message(kind="staff_notification").get_kind_display()
    assert [(item.what, item.who, item.times) for item in timeline_of(enquiry).items] == [
        ("Changed", "", 1),
        ("Opened", "reception", 1),
        ("Colleagues reminded", "", 1),
        ("Came back: reply to the patient", "", 1),
        ("Reply by e-mail", "reception", 1),
        ("Phone call: no answer", "reception", 1),
        ("Note", "reception", 1),
        ("Opened", "reception", 3),
        ("Opened", "managers", 1),
        (notification, "", 1),
        ("Received", "", 1),
    ]


def test_each_attempt_shows_the_servers_reply_and_the_message_id(desk: Client) -> None:
    message = make_message(sent_at=timezone.now(), attempts=2)
    for outcome, reply in (("postponed", "451 Greylisted"), ("sent", "250 queued as 4F3A")):
        DeliveryAttempt.objects.create(message=message, started_at=timezone.now(), outcome=outcome, reply=reply)
    html = html_of(desk, message.enquiry)
    message_id = message.message_id.strip("<>")
    for words in ("451 Greylisted", "250 queued as 4F3A", message_id, "accepted by the mail server"):
        assert words in html


def test_the_patients_words_are_escaped_and_cannot_be_changed_and_opening_them_is_recorded(desk: Client) -> None:
    enquiry = make_enquiry(name="<script>alert(1)</script>", message="one\ntwo", phone="867-555-0142")
    html = html_of(desk, enquiry)
    assert "<script>alert(1)" not in html
    assert "one<br>two" in html
    assert 'href="tel:+18675550142"' in html
    assert f'href="mailto:sam@example.com?subject=Your%20enquiry%20{enquiry.reference}"' in html
    for control in ("name", "email", "phone", "message", "topic", "reference", "received_at"):
        assert f'name="{control}"' not in html
    event = EnquiryEvent.objects.get(reference=enquiry.reference, kind="seen")
    assert (event.actor_name, event.ip_address) == ("reception", "127.0.0.1")
    press(desk, enquiry, status="answered", name="Changed", message="Changed")
    assert (enquiry.status, enquiry.message) == ("answered", "one\ntwo")


def test_warning_signs_and_overdue_are_alerts_until_it_is_answered(desk: Client) -> None:
    enquiry = make_enquiry(red_flags=["Chest pain"], due_at=hours_ago(1))
    alerts = ("Warning signs: Chest pain", "Overdue: promised by", "Call first")
    assert all(words in html_of(desk, enquiry) for words in alerts)
    enquiry.phone = ""
    enquiry.save()
    assert "Reply by e-mail right away" in html_of(desk, enquiry)
    enquiry.status = "answered"
    enquiry.save()
    assert not any(words in html_of(desk, enquiry) for words in alerts)


def test_undelivered_mail_is_an_alert_until_somebody_reaches_the_patient(desk: Client, receptionist: User) -> None:
    enquiry = make_enquiry(phone="")
    make_message(
        enquiry=enquiry, kind="patient_receipt", recipient="sam@example.com", sent_at=hours_ago(3),
        bounced_at=hours_ago(2), bounce_reason="550 No such user",
    )  # fmt: skip
    html = html_of(desk, enquiry)
    assert "550 No such user" in html
    assert f'<a href="{address_of(enquiry, "reply")}">reply to the right one</a>' in html
    for outcome in ("no_answer", "reached"):
        Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, author=receptionist)
        assert ("Mail did not reach the patient" in html_of(desk, enquiry)) is (outcome == "no_answer")


def test_the_preferred_way_to_reach_the_patient_comes_first(desk: Client) -> None:
    html = html_of(desk, make_enquiry(preferred_contact="phone", best_time="morning", masked=["health card number"]))
    assert html.index("Call (preferred)") < html.index("Reply by e-mail")
    assert "Before 11 a.m." in html
    assert "Removed before it was stored: health card number" in html
    assert "Do not leave a voicemail" in html
    html = html_of(desk, make_enquiry(preferred_contact="email", voicemail_ok=True))
    assert html.index("Reply by e-mail (preferred)") < html.index("<span>Call</span>")
    assert "Voicemail: <strong>OK</strong>" in html
    assert "cannot be dialled" not in html


def test_doubtful_numbers_and_addresses_are_pointed_out(desk: Client) -> None:
    html = html_of(desk, make_enquiry(phone="12345678", email="sam@gmial.com"))
    assert "cannot be dialled" in html
    assert "Did they mean sam@gmail.com?" in html


@pytest.mark.parametrize(("page", "field"), [("change", "note_text"), ("change", "call_text"), ("reply", "text")])
def test_text_typed_for_an_erased_enquiry_is_shown_again(desk: Client, page: str, field: str) -> None:
    enquiry = make_enquiry()
    address = address_of(enquiry, page)
    enquiry.delete()
    response = desk.post(address, {field: "Called back, <b>knee</b> again"})
    assert response.status_code == 410
    assert "no-store" in response["Cache-Control"]
    assert "Called back, &lt;b&gt;knee&lt;/b&gt; again</textarea>" in response.content.decode()
    assert "knee" not in str(desk.session.items())
    assert desk.post(address).status_code == 404
    assert not Entry.objects.exists()


def in_list(filters: str) -> str:
    return "?" + urlencode({"_changelist_filters": filters}) if filters else ""


def pk_in(address: str) -> int | None:
    return next((int(part) for part in address.split("/") if part.isdecimal()), None)


@pytest.mark.parametrize("filters", ["", "show=all", "q=sam", "show=flagged"])
def test_next_and_previous_lead_through_the_whole_list(desk: Client, filters: str) -> None:
    moment = hours_ago(5)
    for number in range(3):
        make_enquiry(received_at=moment if number < 2 else hours_ago(number))
        make_enquiry(received_at=moment, red_flags=["Stroke"])
    make_enquiry(status="closed", received_at=hours_ago(3))
    listed = [enquiry.pk for enquiry in desk.get(f"{LIST}?{filters}").context["cl"].result_list]
    for place, pk in enumerate(listed):
        neighbours = desk.get(address_of(Enquiry(pk=pk)) + in_list(filters)).context["neighbours"]
        assert pk_in(neighbours["previous"]) == (listed[place - 1] if place else None)
        assert pk_in(neighbours["next"]) == (listed[place + 1] if pk != listed[-1] else None)


def test_links_and_buttons_lead_back_to_the_same_page_of_the_list(desk: Client) -> None:
    first, _second = make_enquiry(received_at=hours_ago(2)), make_enquiry()
    query = in_list("show=unassigned&p=2")
    response = desk.get(address_of(first) + query)
    neighbours = response.context["neighbours"]
    assert neighbours["list_url"] == f"{LIST}?show=unassigned&p=2"
    assert neighbours["next"].endswith("?_changelist_filters=show%3Dunassigned"), "the next may be on another page"
    assert (neighbours["label"], neighbours["previous"]) == ("“Unassigned”", "")
    for page in ("take", "reply"):
        assert f"{address_of(first, page)}{escape(query)}" in response.content.decode()
    assert press(desk, first, "_note", query, note_text="A note")["Location"] == address_of(first) + query


def test_saving_leads_to_the_next_then_to_those_skipped_and_then_to_the_list(desk: Client) -> None:
    skipped, second, third = (make_enquiry(received_at=hours_ago(hours)) for hours in (5, 4, 3))
    query = in_list("show=waiting")

    def save(enquiry: Enquiry) -> Any:
        return press(desk, enquiry, "_next", query, status="answered")["Location"]

    assert save(second) == address_of(third) + query
    assert save(third) == address_of(skipped) + query
    assert save(skipped) == f"{LIST}?show=waiting"
