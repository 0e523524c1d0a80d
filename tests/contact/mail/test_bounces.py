"""What comes back to the mailbox, a maildir or IMAP: bounces, patients' replies, automatic replies, and other mail."""

import socketserver
import threading
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from mailbox import Maildir
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contact.mail import bounces
from contact.mail.outbox import deliver_due
from contact.models import DeliveryAttempt, DeskSettings, Enquiry, EnquiryEvent, Entry
from contact.monitoring.health import status_line
from tests.contact.factories import make_enquiry, make_message
from tests.contact.mail_server import MailServer

ONE_BOUNCE = "1 bounces, 0 replies, 0 automatic, 0 not understood"
ONE_REPLY = "0 bounces, 1 replies, 0 automatic, 0 not understood"
ONE_AUTOMATIC = "0 bounces, 0 replies, 1 automatic, 0 not understood"
NOT_UNDERSTOOD = "0 bounces, 0 replies, 0 automatic, 1 not understood"
NOTHING = "0 bounces, 0 replies, 0 automatic, 0 not understood"
DAEMON = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: clinic@example.org\n"

REPORTS = tomllib.loads(Path(__file__).with_name("reports.toml").read_text("utf-8"))


def report(message_id: str, action: str = "failed") -> bytes:
    return str(REPORTS["plain"]).replace("FAILED", action).replace("MESSAGE", message_id).encode()


def letter(text: str = "A person wrote this.", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Sam Sample <sam@example.com>"
    mail["Subject"] = headers.pop("subject", "Question")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> Maildir:
    settings.BOUNCES_URL = f"maildir://{tmp_path / 'bounces'}"
    return Maildir(tmp_path / "bounces", factory=None)


@pytest.mark.parametrize("returned", [b"text/rfc822-headers", b"message/rfc822"])
def test_a_bounce_is_recorded_with_its_message(maildir: Maildir, returned: bytes) -> None:
    message = make_message()
    # NUL, which PostgreSQL cannot store, is left out.
    mail = report(message.message_id).replace(b"No such user", b"No such\0 user")
    maildir.add(mail.replace(b"text/rfc822-headers", returned))
    assert bounces.collect_bounces() == ONE_BOUNCE
    message.refresh_from_db()
    assert message.bounced_at
    assert message.bounce_reason == "smtp; 550 5.1.1 No such user here"
    assert bounces.collect_bounces() == NOTHING
    maildir.add(report(message.message_id))
    assert bounces.collect_bounces() == NOTHING, "a second report"
    event = EnquiryEvent.objects.get(kind="bounced")
    assert (event.reference, event.detail) == (message.enquiry.reference, "Staff notification")


@pytest.mark.parametrize(("mail", "reason"), [(case["mail"], case["reason"]) for case in REPORTS["report"]])
def test_reports_of_all_kinds_are_understood(maildir: Maildir, mail: str, reason: str) -> None:
    message, other = (
        make_message(kind="reply", recipient=recipient, sent_at=timezone.now())
        for recipient in ("Pat@patient.example", "clinic@example.org")
    )
    server = "0100018f9a7c-1b2c3d4e-000000"
    DeliveryAttempt.objects.create(message=message, started_at=timezone.now(), outcome="sent", reply=f"250 Ok {server}")
    ours = message.message_id
    mail = mail.replace(": ID", f": {ours}").replace("CUT", f"{ours[:9]}=\n{ours[9:]}").replace("HEX", ours[1:25])
    mail = mail.replace("ADDRESS", "pat@patient.example").replace("SERVER", server)
    maildir.add(mail)
    assert bounces.collect_bounces() == ONE_BOUNCE
    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.bounce_reason, other.bounced_at) == (reason, None)


@pytest.mark.parametrize(
    ("mail", "counted"),
    [
        (report("ID", action="delayed"), ONE_AUTOMATIC),
        (report("ID", action="relayed"), ONE_AUTOMATIC),
        (f"{DAEMON}Subject: Warning: message delayed 24 hours\n\nMessage-ID: ID\n".encode(), ONE_AUTOMATIC),
        (report("ID").replace(b"delivery-status", b"feedback-report").replace(b"Action: failed", b""), ONE_AUTOMATIC),
        (report("ID").replace(b"delivery-status", b"disposition-notification"), ONE_AUTOMATIC),
        (report("<not-ours@example.com>"), NOT_UNDERSTOOD),
        (f"{DAEMON}Subject: Your mailbox has moved\n\nPlease sign in.\n".encode(), NOTHING),
        (letter(), NOTHING),
        (letter(subject="Fwd: Undelivered Mail Returned to Sender"), NOTHING),
    ],
)
def test_delays_complaints_and_other_mail_are_no_bounces(maildir: Maildir, mail: bytes, counted: str) -> None:
    message = make_message()
    maildir.add(mail.replace(b": ID", f": {message.message_id}".encode()))
    assert bounces.collect_bounces() == counted
    message.refresh_from_db()
    assert message.bounced_at is None
    assert len(maildir) == 1
    assert bounces.collect_bounces() == (counted if counted == NOT_UNDERSTOOD else NOTHING)


def test_the_desk_says_what_could_not_be_read_until_a_person_has_read_it(maildir: Maildir) -> None:
    key = maildir.add(report("<not-ours@example.com>"))
    bounces.collect_bounces()
    assert "1 mail could not be read" in status_line()[0]
    read = maildir[key]
    read.add_flag("S")
    maildir[key] = read
    assert bounces.collect_bounces() == NOTHING
    assert "could not be read" not in status_line()[0]
    assert len(maildir) == 1


@pytest.mark.parametrize("damaged", [b"<", b"<@b>", b"", b"\xff\xfe"])
def test_a_report_with_a_damaged_header_does_not_stop_the_next(maildir: Maildir, damaged: bytes) -> None:
    for mail in (report("ID").replace(b"ID: ID", b"ID: " + damaged), report(make_message().message_id)):
        maildir.add(mail.replace(b"rfc822-headers", b"rfc822-headers; charset=x-unknown-999"))
    assert bounces.collect_bounces() == "1 bounces, 0 replies, 0 automatic, 1 not understood"


def test_an_unreadable_mail_is_counted_and_stays(maildir: Maildir, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        maildir.add(report("<MARK>"))
    with patch.object(bounces, "_record", side_effect=[IndexError("Sam Sample"), bounces.Found.OTHER]):
        assert bounces.collect_bounces() == NOT_UNDERSTOOD
    assert "IndexError" in caplog.text
    assert "Sam" not in caplog.text, "its text may be a patient's"


@pytest.mark.parametrize(
    ("way", "status"),
    [("In-Reply-To", "answered"), ("References", "closed"), ("To", "in_progress"), ("subject", "answered")],
)
def test_a_patients_reply_makes_the_enquiry_wait_again(maildir: Maildir, way: str, status: str) -> None:
    enquiry = make_enquiry(status=status, due_at=timezone.now() - timedelta(days=9))
    message = make_message(kind="reply", enquiry=enquiry, sent_at=timezone.now())
    named = {"subject": f"RE: Your enquiry {enquiry.reference}", "To": f"b+{message.message_id[1:25]}@example.org"}
    mail = letter("My words.", **{way: named.get(way, message.message_id)}, Date="Wed, 02 Dec 2009 13:45:00 -0700")
    maildir.add(mail)
    assert bounces.collect_bounces() == ONE_REPLY
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.answered_at, enquiry.closed_at) == ("in_progress", None, None)
    assert status == "in_progress" or (enquiry.due_at and enquiry.due_at > timezone.now())
    maildir.add(mail)
    assert bounces.collect_bounces() == NOTHING, "the same mail, read twice"
    assert "My words" not in str(EnquiryEvent.objects.filter(kind="wrote_back").values().get())


def test_the_enquiry_says_that_the_patient_replied_and_where(maildir: Maildir, desk: Client) -> None:
    DeskSettings.objects.update_or_create(defaults={"mailbox_url": "https://mail.example/inbox"})
    enquiry = make_enquiry(status="answered")
    sent = timezone.localtime() - timedelta(hours=1)
    maildir.add(letter(subject=f"Re: {enquiry.reference}", Date=format_datetime(sent)))
    bounces.collect_bounces()
    address = reverse("admin:contact_enquiry_change", args=[enquiry.pk])
    html = desk.get(address).content.decode()
    said = f"Patient replied by e-mail at {date_format(sent, 'P')} on {sent:%b %-d}: read it in the mailbox</h2>"
    assert said in html
    assert 'href="https://mail.example/inbox"' in html
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome="reached")
    assert said not in desk.get(address).content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; x=y", "Return-Path": "<>"},
        {"Precedence": "auto_reply"},
        {"X-Autoreply": "yes"},
        {"subject": "Automatic reply: Your enquiry"},
        {"subject": "Out of Office Re: Your enquiry"},
        {"subject": "Réponse automatique : Your enquiry"},
        {"subject": "Absence du bureau"},
        {"subject": "Je suis absente jusqu’au 3 mars"},
    ],
)
def test_an_out_of_office_is_noted_and_reopens_nothing(maildir: Maildir, headers: dict[str, str]) -> None:
    message = make_message(kind="reply", enquiry=make_enquiry(status="answered"), sent_at=timezone.now())
    maildir.add(letter(In_Reply_To=message.message_id, **headers))
    assert bounces.collect_bounces() == ONE_AUTOMATIC
    assert Enquiry.objects.get().status == "answered"
    assert EnquiryEvent.objects.get(kind="auto_reply").reference == message.enquiry.reference


def test_a_colleagues_mail_is_no_reply_of_the_patient(maildir: Maildir, receptionist: User, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Clinic <clinic@example.org>"
    enquiry = make_enquiry(status="answered")
    for sender in ("clinic@example.org", receptionist.email):
        mail = letter(subject=f"Re: Your enquiry {enquiry.reference}")
        maildir.add(mail.replace(b"sam@example.com", sender.upper().encode()))
    maildir.add(letter(In_Reply_To=make_message(enquiry=enquiry).message_id))  # to a notification of staff
    assert bounces.collect_bounces() == NOTHING
    assert Enquiry.objects.get().status == "answered"


def test_each_message_has_a_return_path_and_a_header_of_its_own(mail_server: MailServer, settings: Any) -> None:
    settings.RETURN_PATH = "bounces+@example.org"
    message = make_message()
    deliver_due()
    assert mail_server.senders == [f"bounces+{message.message_id[1:25]}@example.org"]
    [mail] = mail_server.mails
    assert (mail["From"], mail["X-Clinic-Message"]) == (settings.DEFAULT_FROM_EMAIL, message.message_id)
    settings.RETURN_PATH = "bounces@example.org"
    make_message()
    deliver_due()
    assert mail_server.senders[1] == "bounces@example.org"


class Imap(socketserver.ThreadingTCPServer):
    """As much of an IMAP server (RFC 9051) as reading reports needs."""

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
                case ["CAPABILITY"]:
                    self.say("* CAPABILITY IMAP4rev1")
                case ["LOGIN", _user, password] if password != '"RIGHT"':
                    self.say(f"{tag} NO wrong password")
                    continue
                case ["SELECT", *_]:
                    self.say(f"* {len(self.server.mails)} EXISTS")
                case ["UID", "SEARCH", "SEEN"]:
                    self.say("* SEARCH")
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
    imap.mails += [letter(), report(make_message().message_id), report("<not-ours@example.com>")]
    assert bounces.collect_bounces() == "1 bounces, 0 replies, 0 automatic, 1 not understood"
    assert (imap.taken, imap.read) == ({1, 2}, set())
    assert bounces.collect_bounces() == NOT_UNDERSTOOD


def test_a_missing_maildir_and_a_wrong_password_are_reported(imap: Imap, tmp_path: Path, settings: Any) -> None:
    wrong = settings.BOUNCES_URL.replace(":right@", ":wrong@")
    for url, reason in ((wrong, "wrong password"), (f"maildir://{tmp_path / 'nowhere'}", "nowhere")):
        settings.BOUNCES_URL = url
        with pytest.raises(CommandError, match=rf"BOUNCES_URL cannot be read: .*{reason}"):
            call_command("collect_bounces")
