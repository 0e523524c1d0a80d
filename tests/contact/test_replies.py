"""Replies by e-mail from the desk: written by a person, sent once, by a real SMTP conversation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from contact.mail.outbox import deliver_due
from contact.models import EnquiryEvent, Entry, Message
from tests.contact.enquiry_page import press
from tests.contact.factories import make_enquiry, make_message
from tests.contact.mail_server import MailServer, serving
from tests.contact.reply_page import address_of, page_of, reply, sent_by
from tests.factories import make_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clinic.models import ClinicDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with serving(settings) as running:
        yield running


def test_a_reply_goes_out_with_the_reference_and_answers_come_to_the_clinic(
    desk: Client, server: MailServer, details: ClinicDetails
) -> None:
    enquiry = make_enquiry(name="Robin Rare", email="robin@example.com", message="my sore knee")
    receipt = make_message(enquiry=enquiry, kind="patient_receipt", recipient=enquiry.email)
    assert reply(desk, enquiry, "Hello,\r\n\r\nwe call you tomorrow – früh.").status_code == 302
    assert deliver_due().sent == 2
    mail = next(mail for mail in server.mails if mail["Message-ID"] != receipt.message_id)
    assert (mail["Subject"], mail["To"]) == (f"Your enquiry {enquiry.reference}", "robin@example.com")
    assert mail["Reply-To"] == "hello@fireweed.example.org"
    assert mail["In-Reply-To"] == receipt.message_id
    assert mail["Auto-Submitted"] is None
    payload: Any = mail.get_payload(decode=True)
    body = payload.decode().replace("\r\n", "\n")
    assert body.startswith("Hello,\n\nwe call you tomorrow – früh.\n")
    assert "Fireweed Physiotherapy, 867-555-0142" in body
    assert enquiry.reference in body
    for private in ("Robin", "knee", "555-0199"):
        assert private not in body + str(mail["Subject"])


def test_entry_message_event_and_status_come_together(desk: Client) -> None:
    enquiry = make_enquiry()
    reply(desk, enquiry)
    entry, message = Entry.objects.get(), Message.objects.get()
    assert (entry.kind, entry.text, str(entry.author)) == ("reply", "We call you tomorrow.", "reception")
    assert (message.kind, message.entry, message.recipient) == ("reply", entry, "sam@example.com")
    assert enquiry.status == "answered"
    kinds = EnquiryEvent.objects.filter(reference=enquiry.reference).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["seen", "replied", "changed"]
    assert "We call" not in str(list(EnquiryEvent.objects.values_list()))


def test_nothing_is_kept_when_a_part_of_it_fails(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    sent = page_of(desk, enquiry) | {"text": "Hello"}

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("contact.workflow.timeline.change", fail)
    with pytest.raises(RuntimeError):
        desk.post(address_of(enquiry), sent)
    assert not Entry.objects.exists()
    assert not Message.objects.exists()


def test_a_reply_that_does_not_answer_leaves_it_waiting(desk: Client) -> None:
    enquiry = make_enquiry()
    sent = page_of(desk, enquiry) | {"text": "One question first."}
    del sent["is_answer"]
    desk.post(address_of(enquiry), sent)
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    assert Message.objects.get().kind == "reply"


def test_a_reply_after_the_answer_leaves_the_status_and_does_not_ask_for_it(desk: Client) -> None:
    enquiry = make_enquiry(status="closed")
    assert 'name="is_answer"' not in desk.get(address_of(enquiry)).content.decode()
    reply(desk, enquiry, is_answer="on")
    assert enquiry.status == "closed"
    assert Message.objects.get().kind == "reply"


def test_an_angry_double_click_sends_one(desk: Client, server: MailServer) -> None:
    enquiry = make_enquiry()
    sent = page_of(desk, enquiry) | {"text": "Once."}
    said = [desk.post(address_of(enquiry), sent, follow=True).content.decode() for _ in range(4)]
    assert "That reply was sent already" in said[-1]
    assert deliver_due().sent == 1
    assert sum(server.taken.values()) == 1
    assert Entry.objects.count() == 1


def test_two_replies_on_purpose_are_two(desk: Client) -> None:
    enquiry = make_enquiry()
    reply(desk, enquiry, "Once.")
    reply(desk, enquiry, "Once.")
    assert Message.objects.filter(kind="reply").count() == 2


@pytest.mark.parametrize("message_id", ["", "<made@up.example>", "<made@up.example>:signature"])
def test_a_message_id_that_the_page_did_not_give_sends_nothing(desk: Client, message_id: str) -> None:
    response = reply(desk, make_enquiry(), message_id=message_id)
    assert response.status_code == 200
    assert not Message.objects.exists()


def test_the_page_of_one_enquiry_does_not_send_for_another(desk: Client) -> None:
    other = make_enquiry(email="other@example.com")
    sent = page_of(desk, make_enquiry()) | {"text": "Hello", "recipient": "other@example.com"}
    assert desk.post(address_of(other), sent).status_code == 200
    assert not Message.objects.exists()


def test_a_colleague_who_was_quicker_is_shown_and_the_words_are_kept(desk: Client) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"text": "My long words."}
    mos_desk = Client()
    mos_desk.force_login(make_person("Reception", "mo"))
    reply(mos_desk, enquiry, "I was quicker.")

    refused = desk.post(address_of(enquiry), mine)
    html = refused.content.decode()
    assert "Something happened while you were writing" in html
    assert "My long words." in html
    assert "I was quicker." in html
    assert Message.objects.count() == 1
    assert desk.post(address_of(enquiry), sent_by(refused.context["form"])).status_code == 302
    assert Message.objects.count() == 2


def test_a_call_in_between_counts_too_and_a_note_does_not(desk: Client) -> None:
    enquiry = make_enquiry(status="in_progress")
    mine = page_of(desk, enquiry) | {"text": "Hello"}
    press(desk, enquiry, "_call", call_outcome="reached")
    assert desk.post(address_of(enquiry), mine).status_code == 200
    mine = page_of(desk, enquiry) | {"text": "Hello"}
    press(desk, enquiry, "_note", note_text="He is out on Fridays")
    assert desk.post(address_of(enquiry), mine).status_code == 302


def test_the_page_warns_calmly_and_says_to_whom_and_under_which_subject(desk: Client) -> None:
    enquiry = make_enquiry()
    html = desk.get(address_of(enquiry)).content.decode()
    assert "E-mail is not private." in html
    assert f"<dd>Your enquiry {enquiry.reference}</dd>" in html
    assert "sam@example.com" in html


def test_a_reply_that_repeats_the_patients_words_is_asked_about(desk: Client) -> None:
    enquiry = make_enquiry(message="My lower back hurts since Saturday morning")
    asked = reply(desk, enquiry, "> My lower back hurts since Saturday\nCome at nine.")
    assert asked.status_code == 200
    assert "This repeats what the patient wrote" in asked.content.decode()
    assert not Message.objects.exists()
    again = sent_by(asked.context["form"]) | {"is_harmless": "on"}
    assert desk.post(address_of(enquiry), again).status_code == 302


def test_the_address_that_was_probably_meant_can_be_chosen_and_no_other(desk: Client) -> None:
    enquiry = make_enquiry(email="sam@gmial.com")
    assert page_of(desk, enquiry)["recipient"] == "sam@gmial.com"
    assert reply(desk, enquiry, recipient="somebody@else.example").status_code == 200
    assert reply(desk, enquiry, recipient="sam@gmail.com").status_code == 302
    assert Message.objects.get().recipient == "sam@gmail.com"
    assert "Did they mean sam@gmail.com?" in desk.get(address_of(enquiry, "change")).content.decode()


def test_without_an_address_there_is_nothing_to_reply_to(desk: Client) -> None:
    response = desk.get(address_of(make_enquiry(email="")), follow=True)
    assert "No e-mail address was given: call instead." in response.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_clicks_at_the_same_moment_send_one() -> None:
    enquiry = make_enquiry()
    person = make_person("Reception")
    desks = [Client(), Client()]
    for desk in desks:
        desk.force_login(person)
    sent = page_of(desks[0], enquiry) | {"text": "Once."}
    start, answers = threading.Barrier(2), []

    def click(desk: Client) -> None:
        start.wait()
        answers.append(desk.post(address_of(enquiry), sent).status_code)
        connection.close()

    threads = [threading.Thread(target=click, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert Message.objects.filter(kind="reply").count() == Entry.objects.count() == 1
