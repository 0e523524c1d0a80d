"""Phone calls and notes at the desk: what was said stays with the enquiry, that it was said goes on record."""

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from contact.models import Enquiry, EnquiryEvent, Entry
from tests.contact.enquiry_page import address_of, press
from tests.contact.factories import make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def events(enquiry: Enquiry) -> list[tuple[str, str]]:
    happened = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind__in=("seen", "received"))
    return list(happened.order_by("pk").values_list("kind", "detail"))


def call(desk: Client, enquiry: Enquiry, outcome: str, text: str = "") -> int:
    status: int = press(desk, enquiry, "_call", call_outcome=outcome, call_text=text).status_code
    return status


@pytest.mark.parametrize(
    ("outcome", "kept", "status"),
    [
        ("reached_answered", "reached", "answered"),
        ("reached", "reached", "in_progress"),
        ("no_answer", "no_answer", "in_progress"),
        ("wrong_number", "wrong_number", "in_progress"),
    ],
)
def test_a_call_is_logged_and_moves_the_work_on(desk: Client, outcome: str, kept: str, status: str) -> None:
    enquiry = make_enquiry()
    assert call(desk, enquiry, outcome, "Rang twice") == 302
    entry = Entry.objects.get()
    assert (entry.kind, entry.call_outcome, entry.text, str(entry.author)) == ("call", kept, "Rang twice", "reception")
    assert enquiry.status == status
    assert [kind for kind, _ in events(enquiry)] == ["called", "changed"]


def test_a_voicemail_that_was_forbidden_cannot_be_chosen(desk: Client) -> None:
    html = desk.get(address_of(make_enquiry())).content.decode()
    assert re.search(r'value="voicemail"[^>]* disabled', html)
    assert "Voicemail left: this patient forbade it" in html
    assert " disabled" not in desk.get(address_of(make_enquiry(voicemail_ok=True))).content.decode()


def test_a_number_that_cannot_be_dialled_has_a_doubt_beside_its_button(desk: Client) -> None:
    assert "cannot be dialled as it is" in desk.get(address_of(make_enquiry(phone="12345678"))).content.decode()
    assert "cannot be dialled" not in desk.get(address_of(make_enquiry())).content.decode()


def test_a_voicemail_is_logged_only_where_it_was_allowed(desk: Client) -> None:
    refused, allowed = make_enquiry(), make_enquiry(voicemail_ok=True)
    response = press(desk, refused, "_call", call_outcome="voicemail", call_text="Said hello")
    html = response.content.decode()
    assert response.status_code == 200
    assert "did not agree to a voicemail" in html
    assert "Said hello" in html
    assert not Entry.objects.exists()
    assert events(refused) == []
    assert call(desk, allowed, "voicemail") == 302
    assert Entry.objects.get().call_outcome == "voicemail"


def test_the_page_says_whether_a_voicemail_is_allowed(desk: Client) -> None:
    assert "Leave no voicemail: it was not allowed" in desk.get(address_of(make_enquiry())).content.decode()
    html = desk.get(address_of(make_enquiry(voicemail_ok=True))).content.decode()
    assert "Voicemail: <strong>allowed</strong>" in html


@pytest.mark.parametrize("outcome", ["", "nonsense", "answered"])
def test_a_call_needs_an_outcome(desk: Client, outcome: str) -> None:
    enquiry = make_enquiry()
    assert call(desk, enquiry, outcome) == 200
    assert enquiry.status == "new"


def test_a_call_about_a_closed_enquiry_does_not_open_it_again(desk: Client) -> None:
    enquiry = make_enquiry(status="closed")
    call(desk, enquiry, "reached_answered")
    assert enquiry.status == "closed"


def test_a_note_is_kept_and_overwrites_nothing(desk: Client) -> None:
    enquiry = make_enquiry()
    assert press(desk, enquiry, "_note", note_text="Prefers <b>Sam</b>").status_code == 302
    assert (enquiry.revision, enquiry.status) == (0, "new")
    html = desk.get(address_of(enquiry)).content.decode()
    assert "Prefers &lt;b&gt;Sam&lt;/b&gt;" in html
    assert events(enquiry) == [("noted", "")]


def test_an_empty_note_is_shown_again(desk: Client) -> None:
    response = press(desk, make_enquiry(), "_note", note_text=" \n ")
    assert "This field is required." in response.content.decode()
    assert not Entry.objects.exists()


def test_a_double_click_keeps_one_note_and_one_call(desk: Client) -> None:
    enquiry = make_enquiry()
    for _ in range(3):
        press(desk, enquiry, "_note", note_text="Once")
        call(desk, enquiry, "no_answer", "Once")
    assert sorted(Entry.objects.values_list("kind", flat=True)) == ["call", "note"]
    assert [kind for kind, _ in events(enquiry)] == ["noted", "called", "changed"]


def test_what_was_written_stands_in_no_log_no_event_and_no_history(
    desk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    enquiry = make_enquiry(name="Robin Rare")
    press(desk, enquiry, "_note", note_text="sore knee")
    call(desk, enquiry, "reached", "sore knee")
    told = [*LogEntry.objects.values_list("change_message", "object_repr"), *EnquiryEvent.objects.values_list()]
    for private in ("sore knee", "Robin"):
        assert private not in str(told)
        assert private not in "\n".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")


def test_a_manager_puts_an_enquiry_on_legal_hold_and_says_why(client: Client) -> None:
    client.force_login(make_person("Managers"))
    enquiry = make_enquiry()
    posted = {"status": "new", "initial-status": "new", "seen_revision": "0", "legal_hold": "on"}
    refused = client.post(address_of(enquiry), posted)
    assert "Say why the legal hold begins or ends." in refused.content.decode()
    enquiry.refresh_from_db()
    assert not enquiry.legal_hold
    assert client.post(address_of(enquiry), posted | {"hold_reason": "Court file 7"}).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.legal_hold
    assert Entry.objects.get().text == "Legal hold: Court file 7"
    assert ("changed", "legal hold: no → yes") in events(enquiry)
    assert "Court" not in str(list(LogEntry.objects.values_list("change_message")))


def test_reception_cannot_change_a_legal_hold(desk: Client) -> None:
    enquiry = make_enquiry(legal_hold=True)
    assert "legal_hold" not in desk.get(address_of(enquiry)).content.decode()
    posted = {"status": "closed", "initial-status": "new", "seen_revision": "0", "hold_reason": "mine"}
    assert desk.post(address_of(enquiry), posted | {"initial-legal_hold": "True"}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.legal_hold, enquiry.status) == (True, "closed")
    assert not Entry.objects.exists()
