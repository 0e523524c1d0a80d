"""Reports of undelivered mail, from a maildir or by IMAP, are recorded once with their message."""

from __future__ import annotations

import mailbox
import socketserver
import threading
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command

from contact.mail import bounces
from contact.models import EnquiryEvent
from tests.contact.factories import make_message
from tests.contact.reports import SAID, report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db


def letter() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Question"
    mail.set_content("A person wrote this.")
    return mail.as_bytes()


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> mailbox.Maildir:
    settings.BOUNCES_URL = f"maildir://{tmp_path / 'bounces'}"
    return mailbox.Maildir(tmp_path / "bounces", factory=None)


@pytest.mark.parametrize("whole", [False, True])
def test_a_bounce_is_recorded_with_its_message(maildir: mailbox.Maildir, whole: bool) -> None:
    message = make_message()
    # NUL, which PostgreSQL cannot store, is left out.
    maildir.add(report(message.message_id, whole=whole).replace(b"No such user", b"No such\0 user"))
    assert bounces.collect_bounces() == "1 came back, of 1 reports"
    message.refresh_from_db()
    assert message.bounced_at
    assert message.bounce_reason == SAID
    event = EnquiryEvent.objects.get(kind="bounced")
    assert (event.reference, event.detail) == (message.enquiry.reference, "Staff notification")


def test_a_second_run_and_a_second_report_change_nothing(maildir: mailbox.Maildir) -> None:
    message = make_message()
    maildir.add(report(message.message_id))
    bounces.collect_bounces()
    assert bounces.collect_bounces() == "0 came back, of 0 reports"
    maildir.add(report(message.message_id))
    assert bounces.collect_bounces() == "0 came back, of 1 reports"
    assert EnquiryEvent.objects.filter(kind="bounced").count() == 1


def test_delays_reports_about_other_mail_and_nonsense_change_nothing(maildir: mailbox.Maildir) -> None:
    message = make_message()
    maildir.add(report(message.message_id, action="delayed"))
    maildir.add(report("<not-ours@example.com>"))
    maildir.add(letter())
    maildir.add(b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\xff\n")
    assert bounces.collect_bounces() == "0 came back, of 3 reports"
    message.refresh_from_db()
    assert message.bounced_at is None
    assert len(maildir) == 1, "the letter that a person wrote"


@pytest.mark.parametrize("header", ["Message-ID: <", "Message-ID: <@b>", "Message-ID:", "Message-ID: \xff\xfe"])
@pytest.mark.parametrize("charset", ["utf-8", "x-unknown-999"])
def test_a_report_with_a_damaged_header_is_read_once_and_does_not_stop_the_next(
    maildir: mailbox.Maildir, header: str, charset: str
) -> None:
    message = make_message()
    damaged = report("<MARK>").replace(b"Message-ID: <MARK>", header.encode("latin-1"))
    maildir.add(damaged.replace(b"text/rfc822-headers", f"text/rfc822-headers; charset={charset}".encode()))
    readable = report(message.message_id)
    maildir.add(readable.replace(b"text/rfc822-headers", f"text/rfc822-headers; charset={charset}".encode()))
    assert bounces.collect_bounces() == "1 came back, of 2 reports"
    assert len(maildir) == 0
    message.refresh_from_db()
    assert message.bounced_at


def test_an_unreadable_report_is_counted_and_set_aside(
    maildir: mailbox.Maildir, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bounces, "bounces_in", Mock(side_effect=[IndexError("Sam Sample"), []]))
    for _ in range(2):
        maildir.add(report("<MARK>"))
    assert bounces.collect_bounces() == "0 came back, of 2 reports, 1 unreadable"
    assert bounces.collect_bounces() == "0 came back, of 0 reports"
    assert "IndexError" in caplog.text
    assert "Sam" not in caplog.text, "its text may be a patient's"


def test_a_mail_that_another_process_removed_is_skipped(
    maildir: mailbox.Maildir, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make_message()
    maildir.add(report(message.message_id))
    monkeypatch.setattr(mailbox.Maildir, "keys", lambda _box: ["gone", *mailbox.Maildir.iterkeys(_box)])
    assert bounces.collect_bounces() == "1 came back, of 1 reports"


def test_a_missing_maildir_is_reported(tmp_path: Path, settings: Any) -> None:
    settings.BOUNCES_URL = f"maildir://{tmp_path / 'nowhere'}"
    with pytest.raises(CommandError, match=r"BOUNCES_URL cannot be read: .*nowhere"):
        call_command("collect_bounces")


class Imap(socketserver.ThreadingTCPServer):
    """As much of an IMAP server (RFC 9051) as reading reports needs."""

    allow_reuse_address = True

    def __init__(self, mails: list[bytes]) -> None:
        self.mails = mails
        self.taken: set[int] = set()
        self.read: set[int] = set()
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    server: Imap

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, *words = line.decode().strip().split(" ")
            match [word.upper() for word in words]:
                case ["CAPABILITY", *_]:
                    self.say("* CAPABILITY IMAP4rev1")
                case ["LOGIN", _user, password] if password != '"RIGHT"':
                    self.say(f"{tag} NO wrong password")
                    continue
                case ["SELECT", *_]:
                    self.say(f"* {len(self.server.mails)} EXISTS")
                case ["UID", "SEARCH", "UNKEYWORD", "CLINICTAKEN"]:
                    new = set(range(1, len(self.server.mails) + 1)) - self.server.taken
                    self.say(f"* SEARCH {' '.join(map(str, new))}")
                case ["UID", "FETCH", number, what]:
                    self.fetch(int(number), what)
                case ["UID", "STORE", number, "+FLAGS.SILENT", "(CLINICTAKEN)"]:
                    self.server.taken.add(int(number))
                case ["LOGOUT"]:
                    self.say("* BYE")
            self.say(f"{tag} OK done")

    def fetch(self, number: int, what: str) -> None:
        mail = self.server.mails[number - 1]
        content = mail.split(b"\n\n")[0] + b"\n\n" if "HEADER" in what else mail
        if "PEEK" not in what:
            self.server.read.add(number)
        self.wfile.write(b"* %d FETCH (BODY[] {%d}\r\n" % (number, len(content)) + content + b")\r\n")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def imap(settings: Any) -> Iterator[Imap]:
    with Imap([]) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        settings.BOUNCES_URL = f"imap://clinic%40example.org:right@127.0.0.1:{server.server_address[1]}/INBOX"
        yield server
        server.shutdown()


def test_reports_are_read_by_imap_and_letters_are_left_unread(imap: Imap) -> None:
    message = make_message()
    imap.mails += [letter(), report(message.message_id)]
    assert bounces.collect_bounces() == "1 came back, of 1 reports"
    message.refresh_from_db()
    assert message.bounced_at
    assert (imap.taken, imap.read) == ({1, 2}, set())
    assert bounces.collect_bounces() == "0 came back, of 0 reports"


def test_a_wrong_password_is_reported(imap: Imap, settings: Any) -> None:
    settings.BOUNCES_URL = settings.BOUNCES_URL.replace(":right@", ":wrong@")
    with pytest.raises(CommandError, match=r"BOUNCES_URL cannot be read: .*wrong password"):
        call_command("collect_bounces")
