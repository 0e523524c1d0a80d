"""Mails contain nothing that the patient wrote, are 7-bit, have short lines, and cut no number in two."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, mail_managers, send_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from clinic.models import ClinicDetails, HomePage
from contact.mail import backend, messages
from contact.mail.backend import remove_expired
from contact.mail.outbox import deliver_due
from contact.mail.smtp import Letter, wrap
from contact.models import Entry, Message
from contact.models.message import MessageType
from tests.contact.factories import make_enquiry, make_message
from tests.contact.mail_server import MailServer

ROBIN = {"name": "Robin Rare", "email": "robin@example.com", "phone": "867-555-0199", "about_title": "Pelvic health"}
NUMBERS = "Call (867) 555-0142 or 867 555 0143, +1 867-555-0144, before 5 p.m. "


def sent(letter: Letter) -> tuple[list[bytes], str]:
    """Return the lines as they go to the server, and the text as it is read."""
    mime: Any = letter.message()
    raw = mime.as_bytes(linesep="\r\n")
    body: str = message_from_bytes(raw, policy=policy.default).get_content()
    return raw.split(b"\r\n"), body.replace("\r\n", "\n").removesuffix("\n")


def assert_goes_through_any_server(lines: list[bytes]) -> None:
    assert max(map(len, lines)) <= 78
    assert max(map(len, lines[lines.index(b"") :])) <= 76, "the limit of quoted-printable"
    assert b"".join(lines).isascii()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    lines, read = sent(Letter("A subject", text, to=["b@example.org"]))
    assert_goes_through_any_server(lines)
    assert read == text.removesuffix("\n")


@pytest.mark.parametrize("accent", ["", "é "])
def test_no_number_is_cut_in_two(accent: str) -> None:
    for text in ("x" * start + " " + accent + NUMBERS * 5 for start in range(0, 80, 7)):
        lines, read = sent(Letter("A subject", wrap(text), to=["b@example.org"]))
        assert read == wrap(text)
        for number in ("(867) 555-0142", "867 555 0143", "+1 867-555-0144"):
            assert sum(line.count(number.encode()) for line in lines) == 5
        assert read.replace("\n", " ").rstrip() == text.rstrip()


@pytest.mark.parametrize("kind", [MessageType.STAFF_NOTIFICATION, MessageType.PATIENT_RECEIPT])
def test_staff_get_what_was_chosen_and_a_link_and_the_patient_gets_the_emergency_wording(kind: MessageType) -> None:
    message = make_message(kind=kind)
    letter = messages.build_email(message)
    assert message.enquiry.reference in letter.subject
    at_the_desk = f"{django_settings.SITE_URL}/django-admin/contact/enquiry/{message.enquiry_id}/change/"
    for_staff = kind == MessageType.STAFF_NOTIFICATION
    assert letter.subject.endswith(": A treatment") is for_staff
    assert ("Preferred contact: E-mail" in letter.body, at_the_desk in letter.body) == (for_staff, for_staff)
    assert ("911" in letter.body) is not for_staff
    assert for_staff or not re.search("treatment|physio-admin|django-admin", str(letter.body))


def test_every_attempt_carries_the_same_message_id_and_asks_vacation_responders_not_to_answer() -> None:
    message = make_message()
    first, second = messages.build_email(message).message(), messages.build_email(message).message()
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert (first["Auto-Submitted"], first["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    assert re.fullmatch(r"<[^@>]+@example\.org>", message.message_id)
    assert make_message().message_id != message.message_id


@pytest.mark.parametrize("kind", [kind for kind in MessageType if kind not in {"site", "password_reset"}])
def test_mails_have_short_lines_without_anything_that_the_patient_wrote(
    kind: MessageType, details: ClinicDetails, settings: Settings
) -> None:
    details.name = "Physiothérapie de l’Épilobe à feuilles étroites et du Grand Nord de Whitehorse"
    details.emergency_wording = NUMBERS * 4
    settings.DEFAULT_FROM_EMAIL = "Physiothérapie de l’Épilobe <hello@fireweed-physiotherapy.example.org>"
    details.save()
    enquiry = make_enquiry(message="my knee", **ROBIN)
    text = "Un long paragraphe qu’une personne a écrit, sans fin de ligne. " * 5 + NUMBERS
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text=text) if kind == MessageType.REPLY else None
    letter = messages.build_email(make_message(enquiry=enquiry, kind=kind, entry=entry))
    lines, read = sent(letter)
    assert_goes_through_any_server(lines)
    private = ("Robin", "robin@example.com", "555-0199", "knee", "Pelvic")
    assert [words for words in private if words in letter.message().as_string() + read] == []
    if kind == MessageType.REPLY:
        assert text in read
    else:
        assert max(map(len, read.split("\n"))) <= 78
        assert not re.search(rb"\d-?=$", b"\n".join(lines), re.MULTILINE)


def test_any_mail_arrives_as_it_was_written_and_its_content_is_deleted(mail_server: MailServer) -> None:
    to = ["Zoë <é@example.org>", "b@example.org"]
    mail = EmailMultiAlternatives("Prêt ?", "Voilà " * 40, "Clinique <c@example.org>", to, bcc=["c@example.org"])
    mail.attach_alternative("<p>Voilà</p>", "text/html")
    mail.attach("notes.bin", bytes(range(256)), "application/octet-stream")
    assert mail.send() == 1
    assert Message.objects.count() == 3
    mail_server.at_recipient = lambda recipient: "550 5.1.1 No such user" if recipient.startswith("b@") else None
    deliver_due()
    deliver_due()
    assert len(mail_server.mails) == 2
    first = mail_server.mails[0]
    parts: list[Any] = [part.get_payload(decode=True) for part in first.walk() if not part.is_multipart()]
    assert [text.decode().strip() for text in parts[:2]] == [("Voilà " * 40).strip(), "<p>Voilà</p>"]
    assert parts[2:] == [bytes(range(256))]
    assert (first["To"], "c@example.org" in str(first["To"])) == (mail.message()["To"], False)
    stored = {message.recipient: bytes(message.content) for message in Message.objects.all()}
    assert [address for address, content in stored.items() if content] == ["b@example.org"]


def test_django_waits_for_no_mail_server_and_nothing_is_lost(mail_server: MailServer, settings: Settings) -> None:
    port, settings.EMAIL_PORT = mail_server.port, 1
    settings.MANAGERS = [("Robin", "robin@example.org")]
    send_mail("One", "Body", None, ["a@example.org"])
    mail_managers("Two", "Body")
    assert (deliver_due().failed, Message.objects.unsent().count()) == (1, 2)
    assert Message.objects.stuck(timezone.now() + timedelta(minutes=31)).count() == 2, "the alarm"
    settings.EMAIL_PORT = port
    assert deliver_due(timezone.now() + timedelta(minutes=3)).sent == 2
    assert remove_expired() == "0 removed"
    Message.objects.update(sent_at=timezone.now() - timedelta(days=1))
    assert remove_expired() == "2 removed"


def test_a_submitted_page_stores_a_notice(home: HomePage, physio: User, manager: User, mail_server: MailServer) -> None:
    home.save_revision(user=physio)
    home.get_workflow().start(home, physio)
    notice = Message.objects.get()
    assert (notice.recipient, notice.kind, mail_server.connections) == (manager.email, MessageType.SITE, 0)
    assert deliver_due().sent == 1
    assert home.title in mail_server.mails[0]["Subject"]


def ask(client: Client, address: str) -> None:
    response: Any = client.post(reverse("wagtailadmin_password_reset"), {"email": address})
    assert response.url == reverse("wagtailadmin_password_reset_done")


def test_a_new_password_is_asked_for_in_the_same_way_whether_or_not_there_is_an_account(
    client: Client, mail_server: MailServer, manager: User, home: HomePage
) -> None:
    type(manager).objects.update(last_login=timezone.now())
    queries = []
    for address in (manager.email.upper(), "nobody@example.org") * 2:
        with CaptureQueriesContext(connection) as captured:
            ask(client, address)
        queries.append([re.sub(r"'[^']*'", "?", query["sql"]) for query in captured])
    assert queries[1:] == queries[:-1]
    assert deliver_due().sent == 4
    (mail,) = mail_server.mails
    assert mail["To"] == manager.email
    text: Any = mail.get_payload(decode=True)
    link = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", text.decode())
    assert link
    assert client.get(link[1], follow=True).context["validlink"]
    client.force_login(manager)
    assert b"nobody@" not in client.get(reverse("admin:contact_message_changelist")).content
    client.logout()
    assert list(Message.objects.filter(last_error="").values_list("recipient", flat=True)) == [manager.email]
    ask(client, manager.email)
    Message.objects.exclude(sent_at=None).update(sent_at=timezone.now() - timedelta(minutes=6))
    deliver_due()
    assert len(mail_server.mails) == 2, "nobody can keep a colleague from a link by asking again and again"
    assert link[1].split("/")[-2] not in str(list(Message.objects.values()))


def test_strangers_cannot_fill_the_outbox(client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "MOST_IN_AN_HOUR", 3)
    for number in range(5):
        ask(client, f"nobody{number}@example.org")
    assert Message.objects.count() == 3
