"""Mail of Wagtail and Django waits in the outbox, and no page waits for a mail server."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, mail_managers, send_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from clinic.models import HomePage
from contact.mail import backend
from contact.mail.backend import remove_expired
from contact.mail.outbox import deliver_due
from contact.models import Message
from contact.models.message import MessageType
from tests.contact.mail_server import MailServer
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def with_address(person: User, address: str) -> User:
    person.email = address
    person.set_password("a long pass phrase")
    person.save()
    return person


def test_any_mail_arrives_as_it_was_written_and_its_content_is_deleted(mail_server: MailServer) -> None:
    mail = EmailMultiAlternatives(
        "Prêt ?",
        "Voilà " * 40,
        "Clinique <c@example.org>",
        ["Zoë <é@example.org>", "b@example.org"],
        bcc=["c@example.org"],
    )
    mail.attach_alternative("<p>Voilà</p>", "text/html")
    mail.attach("notes.bin", bytes(range(256)), "application/octet-stream")
    assert mail.send() == 1
    assert Message.objects.count() == 3
    mail_server.at_recipient = lambda recipient: "550 5.1.1 No such user" if recipient.startswith("b@") else None
    deliver_due()
    deliver_due()
    assert len(mail_server.mails) == 2
    parts: dict[str, Any] = {
        part.get_content_type(): part.get_payload(decode=True) for part in mail_server.mails[0].walk()
    }
    assert parts["text/plain"].decode().strip() == ("Voilà " * 40).strip()
    assert parts["text/html"].decode().strip() == "<p>Voilà</p>"
    assert parts["application/octet-stream"] == bytes(range(256))
    assert mail_server.mails[0]["To"] == mail.message()["To"]
    assert "c@example.org" not in str(mail_server.mails[0]["To"])
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


def test_submitting_a_page_stores_the_managers_notice_while_the_mail_server_is_down(
    home: HomePage, physio: User, mail_server: MailServer, settings: Settings
) -> None:
    with_address(make_person("Managers"), "manager@example.org")
    settings.EMAIL_PORT = 1
    home.save_revision(user=physio)
    home.get_workflow().start(home, physio)
    notice = Message.objects.get()
    assert (notice.recipient, notice.kind) == ("manager@example.org", MessageType.SITE)
    settings.EMAIL_PORT = mail_server.port
    assert deliver_due().sent == 1
    assert home.title in mail_server.mails[0]["Subject"]


def ask(client: Client, address: str) -> None:
    response: Any = client.post(reverse("wagtailadmin_password_reset"), {"email": address})
    assert response.url == reverse("wagtailadmin_password_reset_done")


def test_a_new_password_is_asked_for_in_the_same_way_whether_or_not_there_is_an_account(
    client: Client, mail_server: MailServer, manager: User, home: HomePage
) -> None:
    with_address(manager, "manager@example.org")
    type(manager).objects.update(last_login=timezone.now())
    queries = []
    for address in ("Manager@example.org", "nobody@example.org") * 2:
        with CaptureQueriesContext(connection) as captured:
            ask(client, address)
        queries.append([re.sub(r"'[^']*'", "?", query["sql"]) for query in captured])
    assert queries[1:] == queries[:-1]
    assert deliver_due().sent == 4
    (mail,) = mail_server.mails
    assert mail["To"] == "manager@example.org"
    text: Any = mail.get_payload(decode=True)
    link = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", text.decode())
    assert link
    assert client.get(link[1], follow=True).context["validlink"]
    client.force_login(manager)
    assert b"nobody@" not in client.get(reverse("admin:contact_message_changelist")).content
    client.logout()
    assert list(Message.objects.filter(last_error="").values_list("recipient", flat=True)) == ["manager@example.org"]
    ask(client, "manager@example.org")
    Message.objects.exclude(sent_at=None).update(sent_at=timezone.now() - timedelta(minutes=6))
    deliver_due()
    assert len(mail_server.mails) == 2, "nobody can keep a colleague from a link by asking again and again"
    assert link[1].split("/")[-2] not in str(list(Message.objects.values()))


def test_strangers_cannot_fill_the_outbox(client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "MOST_IN_AN_HOUR", 3)
    for number in range(5):
        ask(client, f"nobody{number}@example.org")
    assert Message.objects.count() == 3
