"""One enquiry's page: the patient's words beside the whole story, and at the top what needs somebody."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from contact.admin.timeline import story_of
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message
from contact.models.event import EventType, record
from tests.contact.enquiry_page import press
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
PAGES = ("change", "reply", "others")


def address_of(enquiry: Enquiry, page: str = "change", *more: Any) -> str:
    return reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk, *more])


def html_of(desk: Client, enquiry: Enquiry) -> str:
    return desk.get(address_of(enquiry)).content.decode()


def opened(enquiry: Enquiry, person: User, hours: float) -> None:
    EnquiryEvent.objects.create(
        kind="seen", reference=enquiry.reference, actor=person, actor_name=person.username, at=hours_ago(hours)
    )  # fmt: skip


def told(enquiry: Enquiry) -> list[tuple[str, str]]:
    return [(moment.title, moment.who) for moment in story_of(enquiry).moments]


def test_the_timeline_tells_everything_the_newest_first(receptionist: User) -> None:
    enquiry = make_enquiry(received_at=hours_ago(9))
    opened(enquiry, receptionist, 8)
    Entry.objects.create(enquiry=enquiry, kind="note", text="A note", author=receptionist, at=hours_ago(7))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="no_answer", author=receptionist, at=hours_ago(6))
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello", author=receptionist, at=hours_ago(5))
    make_message(enquiry=enquiry, kind="reply", entry=entry, sent_at=hours_ago(5), bounced_at=hours_ago(4))
    make_message(enquiry=enquiry, created_at=hours_ago(9))
    EnquiryEvent.objects.create(kind="escalated", reference=enquiry.reference, at=hours_ago(3))
    record(EventType.CHANGED, enquiry.reference, detail="status: New → In progress")
    assert told(enquiry) == [
        ("Changed", ""),
        ("Colleagues reminded", ""),
        ("Came back: reply to the patient", ""),
        ("Reply by e-mail", "reception"),
        ("Phoned: no answer", "reception"),
        ("Note", "reception"),
        ("Opened", "reception"),
        ("Notice to staff", ""),
        ("Received", ""),
    ]


def test_openings_of_one_sitting_are_one_line(receptionist: User, manager: User) -> None:
    enquiry = make_enquiry(received_at=hours_ago(9))
    for hours in (8, 7.9, 7.5, 2):
        opened(enquiry, receptionist, hours)
    opened(enquiry, manager, 7.8)
    lines = [(moment.who, moment.times) for moment in story_of(enquiry).moments if moment.title == "Opened"]
    assert lines == [("reception", 1), ("reception", 3), ("managers", 1)]


def test_each_attempt_stands_there_with_the_servers_words_and_the_message_id(desk: Client) -> None:
    message = make_message(sent_at=timezone.now(), attempts=2)
    for outcome, reply in (("postponed", "451 Greylisted"), ("sent", "250 queued as 4F3A")):
        DeliveryAttempt.objects.create(message=message, started_at=timezone.now(), outcome=outcome, reply=reply)
    html = html_of(desk, message.enquiry)
    assert "Postponed by the server. 451 Greylisted" in html
    assert "Sent. 250 queued as 4F3A" in html
    assert message.message_id.strip("<>") in html


def test_who_opens_it_is_recorded_with_the_network_address(desk: Client) -> None:
    enquiry = make_enquiry()
    desk.get(address_of(enquiry), REMOTE_ADDR="203.0.113.7")
    desk.get(address_of(enquiry), REMOTE_ADDR="203.0.113.7")
    events = EnquiryEvent.objects.filter(reference=enquiry.reference, kind="seen")
    assert list(events.values_list("actor_name", "ip_address")) == [("reception", "203.0.113.7")] * 2


def test_warning_signs_stand_on_top_until_it_is_answered(desk: Client) -> None:
    enquiry = make_enquiry(red_flags=["Chest pain"])
    assert "Warning signs: Chest pain" in html_of(desk, enquiry)
    enquiry.status = "answered"
    enquiry.save()
    assert "Warning signs" not in html_of(desk, enquiry)


def test_suspected_spam_says_why_and_is_decided_by_one_click(desk: Client) -> None:
    enquiry = make_enquiry(status="suspected_spam", screening_reasons=["3 links"])
    html = html_of(desk, enquiry)
    assert "This may be spam" in html
    assert "<li>3 links</li>" in html
    desk.post(address_of(enquiry, "verdict"), {"seen": "0", "verdict": "not_spam"})
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    assert Message.objects.filter(enquiry=enquiry, kind="staff_notification").count() == 1
    assert "This may be spam" not in html_of(desk, enquiry)


def test_spam_is_put_away_and_an_old_page_decides_nothing(desk: Client) -> None:
    enquiry = make_enquiry(status="suspected_spam")
    desk.post(address_of(enquiry, "verdict"), {"seen": "0", "verdict": "spam"})
    desk.post(address_of(enquiry, "verdict"), {"seen": "0", "verdict": "not_spam"})
    enquiry.refresh_from_db()
    assert enquiry.status == "spam"


def test_mail_that_came_back_stands_on_top_until_somebody_reached_the_patient(desk: Client, receptionist: User) -> None:
    enquiry = make_enquiry()
    make_message(
        enquiry=enquiry, kind="patient_receipt", recipient="sam@example.com", sent_at=hours_ago(3),
        bounced_at=hours_ago(2), bounce_reason="550 nobody here",
    )  # fmt: skip
    assert "550 nobody here" in html_of(desk, enquiry)
    assert "Mail did not reach the patient" in html_of(desk, enquiry)
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="no_answer", author=receptionist)
    assert "Mail did not reach the patient" in html_of(desk, enquiry)
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="reached", author=receptionist)
    assert "Mail did not reach the patient" not in html_of(desk, enquiry)


def test_the_preferred_way_comes_first_and_what_was_hidden_is_said(desk: Client) -> None:
    by_phone = make_enquiry(preferred_contact="phone", best_time="morning", masked=["health card number"])
    html = html_of(desk, by_phone)
    assert html.index("Call (preferred)") < html.index("Reply by e-mail")
    assert "Morning (before 11 a.m.)" in html
    assert "Hidden before it was stored: health card number" in html
    html = html_of(desk, make_enquiry(preferred_contact="email"))
    assert html.index("Reply by e-mail (preferred)") < html.index("<span>Call</span>")


def test_an_extension_is_shown_and_the_number_before_it_dialled(desk: Client) -> None:
    html = html_of(desk, make_enquiry(phone="867-555-0142 after 5", phone_normalised="+18675550142"))
    assert 'href="tel:+18675550142"' in html
    assert "867-555-0142 after 5" in html


def test_overdue_is_said_while_it_waits_and_not_after(desk: Client) -> None:
    enquiry = make_enquiry(due_at=hours_ago(1))
    assert "Overdue: promised by" in html_of(desk, enquiry)
    enquiry.status = "answered"
    enquiry.save()
    assert "Overdue" not in html_of(desk, enquiry)


def test_a_long_story_takes_the_same_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_person("Managers"))
    enquiry, person = make_enquiry(), make_person("Reception")
    for number in range(20):
        opened(enquiry, person, number)
        entry = Entry.objects.create(enquiry=enquiry, kind="reply", author=person, text="Hello")
        message = make_message(enquiry=enquiry, entry=entry, kind="reply", recipient=f"{number}@example.org")
        DeliveryAttempt.objects.create(message=message, started_at=timezone.now(), outcome="refused", reply="550 No")
    client.get(address_of(enquiry))  # makes the clinic's details
    with django_assert_max_num_queries(20):
        client.get(address_of(enquiry))
    with django_assert_max_num_queries(20):
        client.get(address_of(enquiry, "reply"))


def test_the_page_needs_no_inline_script_and_no_inline_style(desk: Client) -> None:
    message = make_message(enquiry=make_enquiry(red_flags=["Stroke"]))
    for page in PAGES:
        html = desk.get(address_of(message.enquiry, page)).content.decode()
        assert "style=" not in html
        assert " onclick" not in html
        assert all("src=" in tag[: tag.index(">")] for tag in html.split("<script")[1:])


@pytest.mark.parametrize(
    ("role", "status"), [("Reception", 200), ("Managers", 200), ("Physiotherapists", 403), ("", 403), (None, 302)]
)
def test_who_may_open_the_pages_of_an_enquiry(client: Client, role: str | None, status: int) -> None:
    if role is not None:
        client.force_login(make_person(role))
    enquiry = make_enquiry()
    assert {page: client.get(address_of(enquiry, page)).status_code for page in PAGES} == dict.fromkeys(PAGES, status)


@pytest.mark.parametrize("role", ["Physiotherapists", "", None])
def test_who_may_not_see_enquiries_changes_none(client: Client, role: str | None) -> None:
    if role is not None:
        client.force_login(make_person(role))
    message = make_message(is_refused=True)
    enquiry = message.enquiry
    refused = 302 if role is None else 403
    for page in ("reply", "take", "verdict", "change"):
        posted = {"call-outcome": "reached", "note-text": "x", "seen": "0", "status": "spam", "seen_revision": "0"}
        assert client.post(address_of(enquiry, page), posted).status_code == refused
    assert client.post(address_of(enquiry, "resend", message.pk), {"attempts": "0"}).status_code == refused
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.revision, Entry.objects.count(), EnquiryEvent.objects.count()) == ("new", 0, 0, 0)


def test_who_may_only_look_is_shown_no_forms_and_writes_nothing(client: Client) -> None:
    person = make_person("Reception")
    group = person.groups.get()
    group.permissions.remove(*group.permissions.filter(codename__in=("change_enquiry", "change_message")))
    client.force_login(person)
    enquiry = make_enquiry()
    html = client.get(address_of(enquiry)).content.decode()
    assert "Do you have time next week?" in html
    assert "Save" not in html
    assert "Log the call" not in html
    for page in ("change", "reply", "take", "verdict"):
        assert client.post(address_of(enquiry, page), {"note-text": "x"}).status_code == 403
    assert not Entry.objects.exists()


def test_an_enquiry_that_is_gone_is_not_found(desk: Client) -> None:
    for page in ("reply", "others"):
        assert desk.get(reverse(f"admin:contact_enquiry_{page}", args=[4711])).status_code == 404


def test_the_canary_is_not_shown(desk: Client) -> None:
    canary = make_enquiry(is_canary=True)
    assert desk.get(address_of(canary, "reply")).status_code == 404


def test_saving_leads_to_the_next_in_line_and_writing_keeps_the_line(desk: Client) -> None:
    first, second = make_enquiry(received_at=hours_ago(5)), make_enquiry(received_at=hours_ago(4))
    make_enquiry(received_at=hours_ago(3), topic="fees")
    line = "?" + urlencode({"_changelist_filters": "show=waiting"})
    saved = {"status": "answered", "initial-status": "new", "seen_revision": "0", "_next": "yes"}
    assert desk.post(address_of(first) + line, saved).headers["Location"] == address_of(second) + line
    noted = press(desk, second, "_note", line, note_text="A note")
    assert noted.headers["Location"] == address_of(second) + line
    html = desk.get(address_of(second) + line).content.decode()
    for page in ("take", "reply"):
        assert f"{address_of(second, page)}{escape(line)}" in html
