"""Replies by e-mail: from a template or not, sent once, to the right address, and sent again when that failed."""

import re
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import ClinicDetails
from contact.mail.outbox import deliver_due
from contact.models import Enquiry, EnquiryEvent, Entry, Message, ReplyText
from contact.models.message import MessageType
from contact.workflow import timeline
from contact.workflow.reply_templates import filled, recipients, values_for
from tests.contact.admin.enquiry_page import address_of, press, sent_by, stored
from tests.contact.factories import at_once, browser_of, make_enquiry, make_message
from tests.contact.mail_server import MailServer
from tests.factories import make_contact_page, make_person

CORRECTED = {"other_address": "robin.rare@example.com", "text": "Hello"}


def page_of(desk: Client, enquiry: Enquiry, **query: Any) -> dict[str, Any]:
    """Return what a browser would send from the page as it is shown."""
    return dict(sent_by(desk.get(address_of(enquiry, "reply"), query).context["form"]))


def reply(desk: Client, enquiry: Enquiry, text: str = "We will call you tomorrow.", **changed: Any) -> Any:
    response = desk.post(address_of(enquiry, "reply"), page_of(desk, enquiry) | {"text": text} | changed)
    enquiry.refresh_from_db()
    return response


def test_answers_to_a_reply_come_to_the_clinic(desk: Client, mail_server: MailServer, details: ClinicDetails) -> None:
    enquiry = make_enquiry(name="Robin Rare", email="robin@example.com", message="my sore knee")
    receipt = make_message(enquiry=enquiry, kind="patient_receipt", recipient=enquiry.email)
    assert reply(desk, enquiry, "Hello,\r\n\r\nWe will call you tomorrow – früh.").status_code == 302
    assert deliver_due().sent == 2
    mail = next(mail for mail in mail_server.mails if mail["Message-ID"] != receipt.message_id)
    assert (mail["Subject"], mail["To"]) == (f"Your enquiry {enquiry.reference}", "robin@example.com")
    assert (mail["Reply-To"], mail["In-Reply-To"]) == ("hello@fireweed.example.org", receipt.message_id)
    assert mail["Auto-Submitted"] is None
    payload: Any = mail.get_payload(decode=True)
    body = payload.decode().replace("\r\n", "\n")
    assert body.startswith("Hello,\n\nWe will call you tomorrow – früh.\n")
    assert [words for words in ("Fireweed Physiotherapy, 867-555-0142", enquiry.reference) if words not in body] == []
    assert [private for private in ("Robin", "knee", "555-0199") if private in body + str(mail["Subject"])] == []


def test_entry_message_event_and_status_are_saved_together(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    with monkeypatch.context() as patched:
        patched.setattr(timeline, "update_enquiry", Mock(side_effect=RuntimeError))
        with pytest.raises(RuntimeError):
            reply(desk, enquiry)
    assert Entry.objects.count() + Message.objects.count() == 0
    reply(desk, enquiry)
    entry, message = Entry.objects.get(), Message.objects.get()
    assert (entry.kind, entry.text, str(entry.author)) == ("reply", "We will call you tomorrow.", "reception")
    assert (message.kind, message.entry, message.recipient) == ("reply", entry, "sam@example.com")
    assert enquiry.status == "answered"
    kinds = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind="seen").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["replied", "changed"]
    assert "We will call" not in str(list(EnquiryEvent.objects.values_list()))


@pytest.mark.parametrize("status", ["new", "closed"])
def test_a_reply_that_is_not_the_answer_leaves_the_status(desk: Client, status: str) -> None:
    enquiry = make_enquiry(status=status)
    html = desk.get(address_of(enquiry, "reply")).content.decode()
    assert ('name="is_answer"' in html) is (status == "new"), "a closed enquiry stays closed anyway"
    sent = page_of(desk, enquiry) | {"text": "One question first."}
    sent.pop("is_answer", None)
    desk.post(address_of(enquiry, "reply"), sent)
    enquiry.refresh_from_db()
    assert (enquiry.status, Message.objects.get().kind) == (status, "reply")


def test_a_double_click_sends_one_reply_and_the_next_may_be_the_same(desk: Client) -> None:
    enquiry = make_enquiry()
    sent = page_of(desk, enquiry) | {"text": "Once."}
    pages = [desk.post(address_of(enquiry, "reply"), sent, follow=True).content.decode() for _ in range(3)]
    assert "That reply was already sent" in pages[-1]
    assert Message.objects.count() == Entry.objects.count() == 1
    reply(desk, enquiry, "Once.")
    assert Message.objects.filter(kind="reply").count() == 2


def test_a_message_id_that_the_page_did_not_give_sends_nothing(desk: Client) -> None:
    of_another = page_of(desk, make_enquiry())["message_id"]
    for message_id in ("", "<made@up.example>", "<made@up.example>:signature", of_another):
        assert reply(desk, make_enquiry(), message_id=message_id).status_code == 200
    assert not Message.objects.exists()


def test_a_reply_that_a_colleague_sent_meanwhile_is_shown_and_no_text_is_lost(desk: Client, mos_desk: Client) -> None:
    enquiry = make_enquiry()
    mine = page_of(desk, enquiry) | {"text": "My long text."}
    reply(mos_desk, enquiry, "I was quicker.")
    refused = desk.post(address_of(enquiry, "reply"), mine)
    words = ("Something happened while you were writing", "My long text.", "I was quicker.")
    assert [missing for missing in words if missing not in refused.content.decode()] == []
    assert Message.objects.count() == 1
    press(mos_desk, enquiry, "_note", note_text="A note asks nothing")
    assert desk.post(address_of(enquiry, "reply"), sent_by(refused.context["form"])).status_code == 302
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_clicks_at_the_same_moment_send_one_reply() -> None:
    enquiry, person = make_enquiry(), make_person("Reception")
    desks = [browser_of(person), browser_of(person)]
    page, sent = address_of(enquiry, "reply"), page_of(desks[0], enquiry) | {"text": "Once."}
    responses = at_once(lambda: desks[0].post(page, sent), lambda: desks[1].post(page, sent))
    assert [response.status_code for response in responses] == [302, 302]
    assert Message.objects.filter(kind="reply").count() == Entry.objects.count() == 1


def test_one_reply_answers_all_chosen_enquiries_of_a_person(desk: Client) -> None:
    first, second = make_enquiry(), make_enquiry(phone="")
    reply(desk, first, together=[str(second.pk)])
    assert [stored(one, "status") for one in (first, second)] == [["answered"], ["answered"]]
    assert Message.objects.filter(kind="reply").count() == 1
    assert first.reference in Entry.objects.get(enquiry=second, kind="note").text


def test_a_template_is_filled_in_and_can_be_edited(desk: Client, details: ClinicDetails) -> None:
    not_filled = "{unknown} {me.pk} { name } {NAME} {name!r} {name:>9999999} {0} {} {me[0]} %(name)s"
    text = ReplyText.objects.create(title="All", body="{name}, {reference} {clinic} {phone} {me} " + not_filled)
    enquiry = make_enquiry(name="{me} <b>")
    expected = f"{{me}} <b>, {enquiry.reference} {details.name} 867-555-0142 {details.name} {not_filled}"
    assert page_of(desk, enquiry, text=text.pk)["text"] == expected
    assert "&lt;b&gt;" in desk.get(address_of(enquiry, "reply"), {"text": text.pk}).content.decode()
    for unknown in ("0", "nonsense", "-1", "9" * 30, "²"):
        assert page_of(desk, enquiry, text=unknown)["text"] == ""


def test_another_template_replaces_an_unchanged_one_and_follows_what_was_typed(desk: Client) -> None:
    first, second = (ReplyText.objects.create(title=title, body=f"{title} text\r\n{{name}}") for title in ("A", "B"))
    enquiry = make_enquiry()
    chosen = page_of(desk, enquiry, text=first.pk) | CORRECTED | {"_choose": "yes", "ready_made": str(second.pk)}
    del chosen["is_answer"]
    for typed, text in (("A text\nSam Sample", "B text\nSam Sample"), ("Mine", "Mine\n\nB text\nSam Sample")):
        form = desk.post(address_of(enquiry, "reply"), chosen | {"text": typed}).context["form"]
        assert form["text"].value().replace("\r\n", "\n") == text
        again = sent_by(form)
        assert ("is_answer" in again, again["other_address"]) == (False, CORRECTED["other_address"])
    assert not Message.objects.exists()


def unreachable(**fields: Any) -> Enquiry:
    """Return an enquiry without a phone number, the receipt of which came back."""
    enquiry = make_enquiry(**{"phone": "", "email": "robn@example.com"} | fields)
    came_back = dict.fromkeys(("sent_at", "bounced_at"), timezone.now())
    make_message(enquiry=enquiry, kind="patient_receipt", recipient=enquiry.email, **came_back)
    return enquiry


def test_a_reply_goes_to_the_corrected_address_until_mail_to_it_comes_back(desk: Client) -> None:
    enquiry = unreachable()
    reply(desk, enquiry, **CORRECTED)
    assert Message.objects.get(kind="reply").recipient == "robin.rare@example.com"
    html = desk.get(address_of(enquiry)).content.decode()
    assert "To robin.rare@example.com:" in html, "the timeline says where it went"
    assert (enquiry.email, enquiry.status) == ("robn@example.com", "answered")
    assert EnquiryEvent.objects.get(kind="replied").detail == "to another address than the patient typed"
    assert page_of(desk, enquiry)["recipient"] == "robin.rare@example.com"
    Message.objects.filter(kind="reply").update(bounced_at=timezone.now())
    assert not page_of(desk, enquiry).get("recipient")


def test_each_address_has_a_note_and_the_likeliest_is_selected() -> None:
    typed, meant = "as typed by the patient, mail to it came back", "probably what they meant"
    addresses, selected = recipients(unreachable(email="sam@gmial.com"))
    assert addresses == [("sam@gmial.com", f"sam@gmial.com, {typed}"), ("sam@gmail.com", f"sam@gmail.com, {meant}")]
    assert selected == "sam@gmail.com"


def test_an_address_that_cannot_be_right_is_refused_with_the_reason(desk: Client) -> None:
    for recipient, other_address, error in (
        ("", "", "Choose an address, or enter another one."),
        ("", "robin at home", "Enter a valid email address."),
        ("", f"{'r' * 250}@example.com", "at most 254 characters"),
        ("x@example.com", "", "Select a valid choice."),
    ):
        response = reply(desk, make_enquiry(), recipient=recipient, other_address=other_address)
        assert error in response.content.decode()
    assert not Message.objects.exists()


def test_the_page_warns_that_e_mail_is_not_private_and_without_an_address_there_is_none(desk: Client) -> None:
    assert "E-mail is not private." in desk.get(address_of(make_enquiry(), "reply")).content.decode()
    response = desk.get(address_of(make_enquiry(email=""), "reply"), follow=True)
    assert "The patient gave no e-mail address. Please call instead." in response.content.decode()


def test_a_reply_that_was_refused_or_bounced_is_sent_again_unchanged(desk: Client, mail_server: MailServer) -> None:
    enquiry = make_enquiry()
    reply(desk, enquiry)
    mail_server.at_recipient = lambda _recipient: "550 5.1.1 No such user"
    deliver_due()
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress", "an answer that did not arrive is not one"
    assert "550 5.1.1 No such user" in desk.get(address_of(enquiry)).content.decode()
    mail_server.at_recipient = lambda _recipient: None
    message = Message.objects.get()
    resend = address_of(enquiry, "resend", message.pk)
    for _ in range(2):
        desk.post(resend, {"attempts": message.attempts})
    assert deliver_due().sent == 1
    desk.post(resend, {"attempts": message.attempts})  # from a page opened before
    assert deliver_due().sent == 0
    assert EnquiryEvent.objects.get(kind="resent").detail == "Reply to the patient; not accepted before"
    assert "Mail did not reach" not in desk.get(address_of(enquiry)).content.decode()
    assert mail_server.taken == {message.message_id: 1}

    Message.objects.update(bounced_at=message.created_at)
    desk.post(resend, {"attempts": Message.objects.get().attempts})
    assert deliver_due().sent == 1
    first, second = mail_server.mails
    assert first.get_payload() == second.get_payload()


def test_mail_of_another_enquiry_and_reminders_are_not_sent_again(desk: Client) -> None:
    enquiry, message = make_enquiry(), make_message(sent_at=None, is_refused=True)
    reminder = make_message(enquiry=enquiry, kind=MessageType.ESCALATION_MANAGER)
    for pk in (message.pk, reminder.pk):
        assert desk.post(address_of(enquiry, "resend", pk), {"attempts": "0"}).status_code == 404
    assert desk.get(address_of(enquiry, "resend", reminder.pk)).status_code == 405


def test_a_template_names_the_chosen_time_and_the_page_and_is_signed_with_a_name(details: ClinicDetails) -> None:
    make_contact_page()
    for title, body in ReplyText.objects.values_list("title", "body"):
        text = filled(body, values_for(Enquiry(name="Sam"), User(username="mo", first_name="Mo")))
        assert re.fullmatch(r"Hello Sam,\n\n[A-Z][^{]*\n\nKind regards,\nMo", text), title
    body = "We will call you{when}. {page:contact} {page:nowhere} {me}"
    person = User(username="mo", first_name="Mo", last_name="Example")
    links = f"{settings.SITE_URL}/contact/ {settings.SITE_URL}/"
    text = filled(body, values_for(Enquiry(best_time="morning"), person))
    assert text == f"We will call you in the morning, as you asked. {links} Mo Example"
    text = filled(body, values_for(Enquiry(best_time="any"), User(username="mo")))
    assert text == f"We will call you. {links} {details.name}"


def test_a_mistyped_placeholder_is_refused_and_the_known_ones_are_named(as_manager: Client) -> None:
    address = reverse("admin:contact_replytext_add")
    typed = {"title": "New", "body": "Hello {nmae}, {nmae}, {Name} and { name } {{name}} {} } b {", "sort_order": "9"}
    html = as_manager.post(address, typed).content.decode()
    assert "Unknown placeholder: {nmae}, {Name}, { name }, {}. " in html
    assert "Known ones are {name}, {reference}, {when}, {clinic}, {phone}, {me}, {page:fees}." in html
    assert not ReplyText.objects.filter(title="New").exists()
    correct = "Hello {name}, {reference} {clinic} {phone} {me} a } b {"
    assert as_manager.post(address, typed | {"body": correct}).status_code == 302
    assert ReplyText.objects.get(title="New").body == correct
