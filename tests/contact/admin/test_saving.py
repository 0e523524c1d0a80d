"""Saving an enquiry's page: all of it or nothing, recorded, and never over what a colleague did meanwhile."""

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from contact.models import Enquiry, EnquiryEvent, Entry
from tests.contact.admin.enquiry_page import address_of, messages_of, press, sent_by
from tests.contact.at_once import at_once
from tests.contact.factories import browser_of, make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TYPED = {"note_text": "Prefers Sam", "call_outcome": "no_answer", "call_text": "Rang twice"}


def entries() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "text"))


def events(enquiry: Enquiry) -> list[tuple[str, str]]:
    happened = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind__in=("seen", "received"))
    return list(happened.order_by("pk").values_list("kind", "detail"))


@pytest.mark.parametrize("button", ["_continue", "_next", "_note", "_call"])
def test_each_button_saves_the_note_the_call_and_the_decisions(desk: Client, receptionist: User, button: str) -> None:
    enquiry = make_enquiry()
    response = press(desk, enquiry, button, status="answered", assigned_to=str(receptionist.pk), **TYPED)
    assert response.status_code == 302
    assert entries() == [("call", "Rang twice"), ("note", "Prefers Sam")]
    assert (enquiry.status, enquiry.assigned_to) == ("answered", receptionist)


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
    assert response.status_code == 200
    assert (enquiry.status, entries()) == ("new", [])
    for expected in (error, "Prefers Sam</textarea>", "Rang twice</textarea>", '<option value="answered" selected>'):
        assert expected in html
    closed = re.findall(r'<details class="work">\s*<summary>(.*?)</summary>', html)
    assert not {"Log a phone call", "Write a note"} & set(closed), "what was typed is visible"


def test_a_double_click_saves_everything_once(desk: Client) -> None:
    enquiry = make_enquiry()
    old_page = Enquiry.objects.get()
    press(desk, enquiry, status="answered", **TYPED)
    assert press(desk, old_page, status="answered", **TYPED).status_code == 302
    assert [kind for kind, _ in entries()] == ["call", "note"]
    changes = [detail for kind, detail in events(enquiry) if kind == "changed"]
    assert changes == ["status: New → In progress; assigned to: no one → reception", "status: In progress → Answered"]


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
    assert press(desk, enquiry, "_call", call_outcome=outcome, call_text="Rang twice").status_code == 302
    entry = Entry.objects.get()
    expected = ("call", outcome.removesuffix("_answered"), "Rang twice", "reception")
    assert (entry.kind, entry.call_outcome, entry.text, str(entry.author)) == expected
    assert enquiry.status == after
    assert [kind for kind, _ in events(enquiry)] == ["called", "changed"]


def test_a_voicemail_is_logged_only_where_the_patient_agreed(desk: Client) -> None:
    refused, allowed = make_enquiry(), make_enquiry(voicemail_ok=True)
    html = desk.get(address_of(refused)).content.decode()
    assert 'value="voicemail"' not in html
    assert "This patient did not agree to voicemail" in html
    html = press(desk, refused, "_call", call_outcome="voicemail", call_text="Said hello").content.decode()
    assert "Said hello" in html
    assert (events(refused), entries()) == ([], [])
    assert press(desk, allowed, "_call", call_outcome="voicemail").status_code == 302
    assert Entry.objects.get().call_outcome == "voicemail"


def test_what_was_written_is_in_no_log_event_or_history(desk: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enquiry = make_enquiry(name="Robin Rare")
    press(desk, enquiry, note_text="sore knee", call_outcome="reached", call_text="sore knee")
    stored = [*LogEntry.objects.values_list("change_message", "object_repr"), *EnquiryEvent.objects.values_list()]
    for private in ("sore knee", "Robin"):
        assert private not in str(stored)
        assert private not in "\n".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")


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
    assert mos_desk.post(address_of(enquiry, "take"), {"seen": "0"}).status_code == 302
    html = desk.post(address_of(enquiry, "take"), {"seen": "0"}, follow=True).content.decode()
    enquiry.refresh_from_db()
    assert (enquiry.assigned_to, enquiry.status) == (mo, "in_progress")
    assert "A colleague changed this enquiry a moment ago" in html


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_save_at_the_same_moment_one_is_refused() -> None:
    enquiry = make_enquiry()
    desks = [browser_of(make_person("Reception", name)) for name in ("kim", "jo")]
    one, other = Enquiry.objects.get(), Enquiry.objects.get()
    responses = at_once(
        lambda: press(desks[0], one, status="answered"), lambda: press(desks[1], other, status="closed")
    )
    assert sorted(response.status_code for response in responses) == [200, 302]
    enquiry.refresh_from_db()
    assert enquiry.revision == 1
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1
