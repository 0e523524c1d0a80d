"""The page of one enquiry: what it shows, how to move through a list, and saving it, all or nothing and recorded."""

import logging
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message
from contact.models.event import EventType, record
from contact.workflow.timeline import timeline_of
from tests.contact.admin.enquiry_page import LIST, address_of, messages_of, press, sent_by, stored
from tests.contact.factories import at_once, browser_of, hours_ago, make_enquiry, make_message
from tests.factories import make_person

TYPED = {"note_text": "Prefers Sam", "call_outcome": "no_answer", "call_text": "Rang twice"}


def html_of(desk: Client, enquiry: Enquiry) -> str:
    return desk.get(address_of(enquiry)).content.decode()


def test_the_timeline_has_everything_the_newest_first(receptionist: User, manager: User) -> None:
    enquiry = make_enquiry(received_at=hours_ago(9))
    seen: dict[str, Any] = {"kind": "seen", "reference": enquiry.reference}
    views = ((receptionist, 8), (receptionist, 7.9), (receptionist, 7.5), (manager, 7.8), (receptionist, 2))
    for person, hours in views:
        EnquiryEvent.objects.create(**seen, actor=person, actor_name=person.username, at=hours_ago(hours))
    by: dict[str, Any] = {"enquiry": enquiry, "author": receptionist}
    Entry.objects.create(kind="note", text="A note", at=hours_ago(7), **by)
    Entry.objects.create(kind="call", call_outcome="no_answer", at=hours_ago(6), **by)
    entry = Entry.objects.create(kind="reply", text="Hello", at=hours_ago(5), **by)
    make_message(enquiry=enquiry, kind="reply", entry=entry, sent_at=hours_ago(5), bounced_at=hours_ago(4))
    make_message(enquiry=enquiry, created_at=hours_ago(9))
    EnquiryEvent.objects.create(kind="escalated", reference=enquiry.reference, at=hours_ago(3))
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
    words = ("name", "email", "phone", "message", "topic", "reference", "received_at")
    assert [control for control in words if f'name="{control}"' in html] == []
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


def test_the_preferred_way_comes_first_and_doubtful_numbers_and_addresses_are_pointed_out(desk: Client) -> None:
    html = html_of(desk, make_enquiry(preferred_contact="phone", best_time="morning", masked=["health card number"]))
    assert html.index("Call (preferred)") < html.index("Reply by e-mail")
    assert "Before 11 a.m." in html
    assert "Removed before it was stored: health card number" in html
    assert "Do not leave a voicemail" in html
    html = html_of(desk, make_enquiry(preferred_contact="email", voicemail_ok=True))
    assert html.index("Reply by e-mail (preferred)") < html.index("<span>Call</span>")
    assert "Voicemail: <strong>OK</strong>" in html
    assert "cannot be dialled" not in html
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


@pytest.mark.parametrize("filters", ["", "show=all", "q=sam", "show=flagged"])
def test_next_and_previous_lead_through_the_whole_list(desk: Client, filters: str) -> None:
    moment = hours_ago(5)
    for number in range(3):
        make_enquiry(received_at=moment if number < 2 else hours_ago(number))
        make_enquiry(received_at=moment, red_flags=["Stroke"])
    make_enquiry(status="closed", received_at=hours_ago(3))
    pages = [address_of(enquiry) for enquiry in desk.get(f"{LIST}?{filters}").context["cl"].result_list]
    for before, page, after in zip(["", *pages], pages, [*pages[1:], ""], strict=False):
        neighbours = desk.get(page + in_list(filters)).context["neighbours"]
        assert [neighbours[way].partition("?")[0] for way in ("previous", "next")] == [before, after]


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


def entries() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "text"))


def events(enquiry: Enquiry) -> list[tuple[str, str]]:
    happened = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind__in=("seen", "received"))
    return list(happened.order_by("pk").values_list("kind", "detail"))


@pytest.mark.parametrize("button", ["_continue", "_next", "_note", "_call"])
def test_each_button_saves_all_and_a_double_click_saves_it_once(desk: Client, receptionist: User, button: str) -> None:
    enquiry = make_enquiry()
    old_page = Enquiry.objects.get()
    for page in (enquiry, old_page):
        response = press(desk, page, button, status="answered", assigned_to=str(receptionist.pk), **TYPED)
        assert response.status_code == 302
        assert entries() == [("call", "Rang twice"), ("note", "Prefers Sam")]
        assert (page.status, page.assigned_to) == ("answered", receptionist)
    changes = [detail for kind, detail in events(enquiry) if kind == "changed"]
    assert changes == ["status: New → In progress; assigned to: no one → reception", "status: In progress → Answered"]


def test_a_message_lists_what_was_saved_and_a_note_alone_changes_nothing_else(desk: Client) -> None:
    enquiry = make_enquiry()
    assert messages_of(press(desk, enquiry, note_text=" \n "), desk) == ["Nothing was changed."]
    press(desk, enquiry, "_note", note_text="Prefers <b>Sam</b>")
    assert (enquiry.revision, enquiry.status, events(enquiry)) == (0, "new", [("noted", "")])
    assert "Prefers &lt;b&gt;Sam&lt;/b&gt;" in desk.get(address_of(enquiry)).content.decode()
    response = press(desk, enquiry, status="closed", note_text="Prefers Sam")
    assert messages_of(response, desk) == [f"{enquiry.reference} saved: note saved; status: New → Closed."]


def test_the_time_of_the_answer_stays_until_it_is_waiting_again(desk: Client) -> None:
    enquiry = make_enquiry()
    press(desk, enquiry, status="answered")
    answered_at = enquiry.answered_at
    assert answered_at
    press(desk, enquiry, status="closed")
    assert enquiry.answered_at == answered_at
    press(desk, enquiry, status="in_progress")
    assert enquiry.answered_at is None
    press(desk, enquiry, status="closed", call_outcome="reached_answered")
    assert enquiry.status == "closed", "the status chosen on the page wins over the one that the call suggests"
    assert enquiry.answered_at, "the call answered it before it was closed"


@pytest.mark.parametrize(
    ("button", "error"),
    [("_continue", "Nothing has been saved yet"), ("_note", "Nothing has been saved yet"), ("_call", "Choose how the")],
)
def test_a_mistake_saves_nothing_and_shows_everything_again(desk: Client, button: str, error: str) -> None:
    enquiry = make_enquiry()
    assert "Write the note first." in press(desk, enquiry, "_note", note_text=" \n ").content.decode()
    response = press(desk, enquiry, button, status="answered", note_text="Prefers Sam", call_text="Rang twice")
    html = response.content.decode()
    assert (response.status_code, enquiry.status, entries()) == (200, "new", [])
    shown = (error, "Prefers Sam</textarea>", "Rang twice</textarea>", '<option value="answered" selected>')
    assert [words for words in shown if words not in html] == []
    closed = re.findall(r'<details class="work">\s*<summary>(.*?)</summary>', html)
    assert not {"Log a phone call", "Write a note"} & set(closed), "what was typed is visible"


@pytest.mark.parametrize(
    ("before", "outcome", "after"),
    [
        ("new", "reached_answered", "answered"),
        ("new", "reached", "in_progress"),
        ("new", "no_answer", "in_progress"),
        ("new", "wrong_number", "in_progress"),
        ("closed", "reached_answered", "closed"),
    ],
)
def test_a_call_changes_the_status_of_an_open_enquiry(desk: Client, before: str, outcome: str, after: str) -> None:
    enquiry = make_enquiry(status=before)
    press(desk, enquiry, "_call", call_outcome=outcome, call_text="Rang twice")
    entry = Entry.objects.values_list("kind", "call_outcome", "text", "author__username").get()
    assert entry == ("call", outcome.removesuffix("_answered"), "Rang twice", "reception")
    assert (enquiry.status, [kind for kind, _ in events(enquiry)]) == (after, ["called", "changed"])


def test_a_call_answers_all_chosen_enquiries_of_a_person_each_on_record(desk: Client, receptionist: User) -> None:
    first = make_enquiry(email="Sam+clinic@gmail.com", phone="")
    second = make_enquiry(email="sam@gmail.com", phone="867-555-0142", status="in_progress")
    left_out = make_enquiry(email="sam@gmail.com", phone="")
    other = make_enquiry(email="kim@example.com", phone="867-555-0199")
    page = desk.get(address_of(first)).content.decode()
    assert all(one.reference in page for one in (second, left_out))
    assert other.reference not in page
    press(desk, first, "_call", call_outcome="reached_answered", together=[str(second.pk), str(other.pk)])
    assert [stored(one, "status") for one in (first, second, left_out, other)] == [["answered"]] * 2 + [["new"]] * 2
    assert stored(second, "assigned_to") == [receptionist]
    assert {*Entry.objects.filter(enquiry=second).values_list("kind", flat=True)} == {"call", "note"}
    kinds = EnquiryEvent.objects.filter(reference=second.reference).values_list("kind", flat=True)
    assert {"called", "changed", "noted"} <= {*kinds}


def test_a_voicemail_is_logged_only_where_the_patient_agreed(desk: Client) -> None:
    refused, allowed = make_enquiry(), make_enquiry(voicemail_ok=True)
    html = desk.get(address_of(refused)).content.decode()
    assert 'value="voicemail"' not in html
    assert "This patient did not agree to voicemail" in html
    assert b"Said hello" in press(desk, refused, "_call", call_outcome="voicemail", call_text="Said hello").content
    assert (events(refused), entries()) == ([], [])
    assert press(desk, allowed, "_call", call_outcome="voicemail").status_code == 302
    assert Entry.objects.get().call_outcome == "voicemail"


def test_what_was_written_is_in_no_log_event_or_history(desk: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enquiry = make_enquiry(name="Robin Rare")
    press(desk, enquiry, note_text="sore knee", call_outcome="reached", call_text="sore knee")
    recorded = [*LogEntry.objects.values_list("change_message", "object_repr"), *EnquiryEvent.objects.values_list()]
    logged = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [words for words in ("sore knee", "Robin") if words in f"{recorded}{logged}"] == []


def test_managers_put_an_enquiry_on_legal_hold_and_reception_does_not(as_manager: Client, mos_desk: Client) -> None:
    enquiry = make_enquiry()
    refused = press(as_manager, enquiry, legal_hold="on")
    assert "Give the reason for starting or ending the legal hold." in refused.content.decode()
    assert not enquiry.legal_hold
    assert press(as_manager, enquiry, legal_hold="on", hold_reason="Court file 7").status_code == 302
    assert enquiry.legal_hold
    assert Entry.objects.get().text == "Legal hold: Court file 7"
    assert ("changed", "legal hold: no → yes") in events(enquiry)
    assert "Court" not in str(list(LogEntry.objects.values_list("change_message")))
    assert "legal_hold" not in mos_desk.get(address_of(enquiry)).content.decode()
    press(mos_desk, enquiry, status="closed", hold_reason="mine", **{"initial-legal_hold": "True"})
    assert (enquiry.legal_hold, enquiry.status, Entry.objects.count()) == (True, "closed", 1)


def test_only_people_who_may_see_enquiries_can_be_assigned(desk: Client) -> None:
    for role in ("Physiotherapists", "Managers"):
        make_person(role)
    make_person("Reception", "gone", is_active=False)
    html = desk.get(address_of(make_enquiry())).content.decode()
    choices = re.findall(r"<option[^>]*>(.*?)</option>", html[html.index('name="assigned_to"') :])
    assert choices[:3] == ["Unassigned", "managers", "reception"]
    assert "gone" not in choices


def test_a_save_is_refused_after_each_change_of_a_colleague(desk: Client, mos_desk: Client, mo: User) -> None:
    enquiry = make_enquiry()
    mine = sent_by(desk.get(address_of(enquiry)).context["answer"]) | {"status": "closed", "note_text": "Prefers Sam"}
    for decided in ({"status": "answered", "assigned_to": str(mo.pk)}, {"status": "in_progress"}):
        press(mos_desk, Enquiry.objects.get(), **decided)
        refused = desk.post(address_of(enquiry), mine)
        assert "a colleague changed this while your page was open" in refused.content.decode()
        assert "Prefers Sam</textarea>" in refused.content.decode()
        assert (Enquiry.objects.get().status, entries()) == (decided["status"], [])
        mine = sent_by(refused.context["answer"])
    assert desk.post(address_of(enquiry), mine).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.assigned_to, entries()) == ("closed", mo, [("note", "Prefers Sam")])


def test_an_enquiry_just_taken_by_a_colleague_cannot_be_taken(desk: Client, mos_desk: Client, mo: User) -> None:
    enquiry = make_enquiry()
    mos_desk.post(address_of(enquiry, "take"), {"seen": "0"})
    html = desk.post(address_of(enquiry, "take"), {"seen": "0"}, follow=True).content.decode()
    assert stored(enquiry, "assigned_to", "status") == [mo, "in_progress"]
    assert "A colleague changed this enquiry a moment ago" in html


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_save_at_the_same_moment_one_is_refused() -> None:
    enquiry = make_enquiry()
    desks = [browser_of(make_person("Reception", name)) for name in ("kim", "jo")]
    one, other = Enquiry.objects.get(), Enquiry.objects.get()
    saves = (lambda: press(desks[0], one, status="answered"), lambda: press(desks[1], other, status="closed"))
    assert sorted(response.status_code for response in at_once(*saves)) == [200, 302]
    assert stored(enquiry, "revision") == [1]
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1
