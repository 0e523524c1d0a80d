"""Mail that came back: from a maildir and by IMAP, matched to what was sent, once."""

from __future__ import annotations

import mailbox
import socketserver
import threading
from email.message import EmailMessage
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contact import bounces, overview, promise, undelivered
from contact.models import Enquiry, EnquiryEvent, Entry, Message
from tests.contact.factories import hours_ago, make_enquiry, make_message
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


def make_reply(enquiry: Enquiry, **fields: Any) -> Message:
    """Return a reply that the mail server took."""
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello")
    fields = {"sent_at": timezone.now()} | fields
    return make_message(enquiry=enquiry, kind=Message.Kind.REPLY, entry=entry, **fields)


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> mailbox.Maildir:
    settings.BOUNCES_URL = f"maildir://{tmp_path / 'bounces'}"
    return mailbox.Maildir(tmp_path / "bounces", factory=None)


@pytest.mark.parametrize("whole", [False, True])
def test_what_came_back_stands_at_its_message(maildir: mailbox.Maildir, whole: bool) -> None:
    message = make_message()
    maildir.add(report(message.message_id, whole=whole))
    assert bounces.collect() == "1 came back, of 1 reports"
    message.refresh_from_db()
    assert message.bounced_at
    assert message.bounce_reason == SAID
    event = EnquiryEvent.objects.get(kind="bounced")
    assert (event.reference, event.detail) == (message.enquiry.reference, "Notice to staff")


def test_a_second_look_and_a_second_report_change_nothing(maildir: mailbox.Maildir) -> None:
    message = make_message()
    maildir.add(report(message.message_id))
    bounces.collect()
    assert bounces.collect() == "0 came back, of 0 reports"
    maildir.add(report(message.message_id))
    assert bounces.collect() == "0 came back, of 1 reports"
    assert EnquiryEvent.objects.filter(kind="bounced").count() == 1


def test_delays_other_peoples_mail_and_nonsense_change_nothing(maildir: mailbox.Maildir) -> None:
    message = make_message()
    maildir.add(report(message.message_id, action="delayed"))
    maildir.add(report("<not-ours@example.com>"))
    maildir.add(letter())
    maildir.add(b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\xff\n")
    assert bounces.collect() == "0 came back, of 3 reports"
    message.refresh_from_db()
    assert message.bounced_at is None
    assert len(maildir) == 1, "the person's letter stays where it is"


def test_an_answer_that_came_back_is_no_answer() -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry)
    bounces.take_in(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress"
    assert enquiry.answered_at is None


def test_a_receipt_that_came_back_does_not_undo_an_answer() -> None:
    enquiry = make_enquiry(status="answered")
    message = make_message(enquiry=enquiry, kind=Message.Kind.PATIENT_RECEIPT)
    bounces.take_in(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "answered"


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_an_answer_that_came_back_puts_the_enquiry_on_the_desk_with_a_day_of_its_own(status: str) -> None:
    enquiry = make_enquiry(status=status, due_at=hours_ago(100), received_at=hours_ago(120))
    bounces.take_in(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.closed_at) == ("in_progress", None)
    assert enquiry.due_at > timezone.now(), "it is not overdue in the same moment"
    assert overview.undelivered(timezone.now()) == {enquiry.pk}


def test_an_answer_that_is_refused_after_the_enquiry_was_closed_puts_it_on_the_desk() -> None:
    message = make_reply(make_enquiry(status="closed"))
    undelivered.reopen_if_unanswered(message)
    assert Enquiry.objects.get().status == "in_progress"


@pytest.mark.parametrize("status", ["spam", "suspected_spam"])
def test_mail_about_spam_that_came_back_brings_nothing_to_the_desk(status: str) -> None:
    message = make_reply(make_enquiry(status=status))
    bounces.take_in(bounces.Bounce(message.message_id, SAID))
    assert Enquiry.objects.get().status == status


def test_a_later_answer_that_arrived_is_an_answer() -> None:
    enquiry = make_enquiry(status="closed")
    first = make_reply(enquiry, created_at=hours_ago(2))
    second = make_reply(enquiry, created_at=hours_ago(1))
    bounces.take_in(bounces.Bounce(first.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "closed"
    bounces.take_in(bounces.Bounce(second.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress", "none of the two arrived"


@pytest.mark.parametrize(("outcome", "status"), [("reached", "answered"), ("voicemail", "in_progress")])
def test_a_later_call_that_reached_the_patient_is_an_answer(outcome: str, status: str) -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry, created_at=hours_ago(2))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, at=hours_ago(1))
    bounces.take_in(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == status


def test_a_promise_that_cannot_be_reckoned_keeps_no_enquiry_off_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "plan", lambda: 1 / 0)
    undelivered.reopen_if_unanswered(make_reply(make_enquiry(status="closed")))
    assert Enquiry.objects.get().status == "in_progress"


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
                    new = [
                        str(number)
                        for number in range(1, len(self.server.mails) + 1)
                        if number not in self.server.taken
                    ]
                    self.say(f"* SEARCH {' '.join(new)}")
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
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.BOUNCES_URL = f"imap://clinic%40example.org:right@127.0.0.1:{server.server_address[1]}/INBOX"
        yield server
        server.shutdown()


def test_reports_are_read_by_imap_and_letters_are_left_unread(imap: Imap) -> None:
    message = make_message()
    imap.mails += [letter(), report(message.message_id)]
    assert bounces.collect() == "1 came back, of 1 reports"
    message.refresh_from_db()
    assert message.bounced_at
    assert (imap.taken, imap.read) == ({1, 2}, set())
    assert bounces.collect() == "0 came back, of 0 reports"


def test_a_mailbox_that_cannot_be_read_is_named(imap: Imap, settings: Any) -> None:
    settings.BOUNCES_URL = settings.BOUNCES_URL.replace(":right@", ":wrong@")
    with pytest.raises(CommandError, match=r"BOUNCES_URL cannot be read: .*wrong password"):
        call_command("collect_bounces")


def test_without_a_mailbox_the_command_says_so() -> None:
    said = StringIO()
    call_command("collect_bounces", stdout=said)
    assert said.getvalue() == "no mailbox is set.\n"
