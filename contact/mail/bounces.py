"""Read the mailbox in which answers to the site's mail arrive: bounces, patients' replies and automatic replies.

Of a mail that a person or their mail program wrote, only the header is read, and no word of it is stored. Mail that has
nothing to do with the site's is left alone.
"""

import email
import re
import tomllib
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Lower, Substr
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from clinic.lib.logs import log_failure
from clinic.public.contact_fallback import contact_details
from contact.mail import mailboxes
from contact.mail.outbox import delivery_failed
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Job
from contact.models import Message as OutgoingMail
from contact.models.enquiry import REFERENCE
from contact.models.event import EventType, record
from contact.models.message import TO_PATIENTS
from contact.models.settings import staff_address

JOB = "collect_bounces"
REASON_LENGTH = 500
# A mail server reports a failure within this time (RFC 5321, 4.5.4.1).
REPORTED_WITHIN = timedelta(days=7)
# Where the address of one of our messages may be, or its Message-ID in an answer to it.
NAMED_IN = ("In-Reply-To", "References", "To", "Delivered-To", "X-Original-To", "Envelope-To")
ADDRESSED_TO = NAMED_IN[2:]

NO_FAILURE = {"delayed", "delivered", "relayed", "expanded"}  # RFC 3464, 2.3.3; some servers invent others
PATTERNS = {
    name: re.compile("|".join(alternatives), re.IGNORECASE | re.MULTILINE)
    for name, alternatives in tomllib.loads(Path(__file__).with_name("patterns.toml").read_text()).items()
}

# A patient answered a mail. Sent with `enquiry`, in the transaction that records it.
patient_replied = Signal()


class Found(StrEnum):
    BOUNCE = "bounces"
    REPLY = "replies"
    AUTOMATIC = "automatic"
    NOT_UNDERSTOOD = "not understood"
    OTHER = ""


def collect_bounces() -> str:
    """Record what has come back since the last time; return how much, in words.

    Raises one of `mailboxes.Unreadable` if the mailbox cannot be read.
    """
    if not settings.BOUNCES_URL:
        return "no mailbox is set"
    counts: Counter[Found] = Counter()
    with mailboxes.mails_in(settings.BOUNCES_URL) as mails:
        for mail in mails:
            try:
                found = _record(mail)
            except (InterfaceError, OperationalError):
                raise
            except Exception as error:  # noqa: BLE001  anyone may write to a mailbox; the next mail must be read
                log_failure("A mail in the mailbox for bounces could not be read", error)
                found = Found.NOT_UNDERSTOOD
            # A person who has read it knows what it says.
            found = Found.OTHER if found is Found.NOT_UNDERSTOOD and mail.is_seen else found
            counts[found] += 1
            # Marked only after it is recorded: if the process is killed in between, it is read again, to no effect.
            if found is not Found.NOT_UNDERSTOOD:
                mail.mark()
    state = {"not_understood": counts[Found.NOT_UNDERSTOOD]}
    Job.objects.update_or_create(name=JOB, defaults={"state": state})
    return ", ".join(f"{counts[found]} {found}" for found in Found if found)


def _record(mail: mailboxes.Mail) -> Found:
    # Python's older parser accepts damaged headers, on which the newer one fails.
    header = email.message_from_bytes(mail.header)
    subject = _words(header["Subject"])
    says_so = header.get_content_type() == "multipart/report" or header["X-Failed-Recipients"]
    seems_so = _search("daemon", _words(header["From"])) or _search("failure", subject)
    if says_so or (seems_so and not _search("out_of_office", subject)):
        return _record_report(mail.content(), subject)
    return _record_answer(header, subject)


def _record_report(content: bytes, subject: str) -> Found:
    report = email.message_from_bytes(content)
    source = content.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    texts = _texts(report)
    # Also without the line ends of quoted-printable, which cut an id in two.
    whole = "\n".join([source, source.replace("=\n", ""), *texts])
    kind = str(report.get_param("report-type") or "").lower()
    actions = _every("action", whole)
    if kind == "feedback-report" or _search("abuse", subject):
        return Found.AUTOMATIC
    # Dovecot reports a full mailbox in the format of a read receipt.
    if kind == "disposition-notification" and "automatically rejected" not in whole:
        return Found.AUTOMATIC
    said = "".join(texts[:1])
    is_delay = _search("delay", subject) or _search("still_trying", said)
    if not actions - NO_FAILURE if actions else is_delay:
        return Found.AUTOMATIC
    message = _named_in(whole) or _with_servers_id(whole) or _sent_to(whole, report)
    if message is None:
        is_report = actions or report["X-Failed-Recipients"] or _search("failure", subject)
        return Found.NOT_UNDERSTOOD if is_report or _search("failure_code", whole) else Found.OTHER
    reason = _search("reason_given", source) or _search("reason_line", said) or _search("reason_status", source)
    words = _words(reason[1]) if reason else "no reason was given"
    return Found.BOUNCE if record_bounce(message, words[:REASON_LENGTH]) else Found.OTHER


def _named_in(text: str) -> OutgoingMail | None:
    """Return the message with a Message-ID, a header or a Return-Path in this text: the reply, not its receipt."""
    ids = _every("our_id", text)
    named = OutgoingMail.objects.annotate(token=Substr("message_id", 2, 24)).filter(token__in=ids)
    return named.select_related("enquiry").order_by("-pk").first() if ids else None


def _with_servers_id(text: str) -> OutgoingMail | None:
    """Return the message that our mail server accepted under an id in this text, if there is only one."""
    named = _every("servers_id", re.sub(r"[@<>]", " ", text))
    since = timezone.now() - REPORTED_WITHIN
    accepted = DeliveryAttempt.objects.filter(outcome=DeliveryAttempt.Outcome.SENT, started_at__gt=since)
    found = {pk for pk, said in accepted.values_list("message", "reply") if named & _every("servers_id", said)}
    return OutgoingMail.objects.select_related("enquiry").get(pk=found.pop()) if len(found) == 1 else None


def _sent_to(text: str, report: Message) -> OutgoingMail | None:
    """Return the last message sent to one of the addresses in this report, other than those it came to."""
    own = {address.lower() for _name, address in getaddresses([_all(report, *ADDRESSED_TO)])}
    addresses = {address.strip("'.") for address in _every("address", text)} - own
    recent = OutgoingMail.objects.filter(sent_at__gt=timezone.now() - REPORTED_WITHIN, bounced_at=None)
    sent = recent.annotate(address=Lower("recipient")).filter(address__in=sorted(addresses)[:500])
    return sent.select_related("enquiry").order_by("-sent_at").first()


@transaction.atomic
def record_bounce(message: OutgoingMail, reason: str) -> bool:
    """Record it, once; return whether it was new."""
    found = OutgoingMail.objects.filter(pk=message.pk, bounced_at=None)
    if not found.update(bounced_at=timezone.now(), bounce_reason=reason):
        return False
    message.refresh_from_db()
    if message.enquiry:
        record(EventType.BOUNCED, message.enquiry.reference, detail=message.get_kind_display())
    delivery_failed.send(OutgoingMail, message=message)
    return True


def _record_answer(header: Message, subject: str) -> Found:
    """Record a reply, or an automatic one (RFC 3834), with the enquiry that it is about, once."""
    submitted = str(header["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    precedence = str(header["Precedence"]).lower()
    automatic = (
        submitted != "no"
        or precedence in ("auto_reply", "bulk", "junk", "list")
        or any(header[name] for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
        or _search("out_of_office", subject)
    )
    found = Found.AUTOMATIC if automatic else Found.REPLY
    enquiry = _enquiry_of(header, subject)
    if enquiry is None or _is_ours(parseaddr(_words(header["From"]))[1].lower()):
        return Found.AUTOMATIC if automatic else Found.OTHER
    key = salted_hmac(JOB, str(header["Message-ID"] or header)).hexdigest()[:16]
    kind = EventType.AUTO_REPLY if automatic else EventType.WROTE_BACK
    with transaction.atomic():
        enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
        if EnquiryEvent.objects.filter(reference=enquiry.reference, data__mail=key).exists():
            return Found.OTHER
        at = date_format(timezone.localtime(_sent_at(header)), r"P \o\n M j")
        record(kind, enquiry.reference, detail=f"at {at}: read it in the mailbox", data={"mail": key})
        if not automatic:
            patient_replied.send(Enquiry, enquiry=enquiry)
    return found


def _enquiry_of(header: Message, subject: str) -> Enquiry | None:
    message = _named_in(_all(header, *NAMED_IN))
    if message:
        return message.enquiry if message.kind in TO_PATIENTS else None
    reference = REFERENCE.search(subject.upper())
    return Enquiry.objects.filter(reference=reference[0]).first() if reference else None


def _is_ours(address: str) -> bool:
    """Return whether someone at the clinic wrote it, such as a colleague who answers a notification."""
    own = (contact_details().email, staff_address(), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return address in map(str.lower, own) or get_user_model().objects.filter(email__iexact=address).exists()


def _sent_at(header: Message) -> datetime:
    """Return when it was sent, by its own account, unless that cannot be."""
    now = timezone.now()
    try:
        sent = parsedate_to_datetime(str(header["Date"]))
    except ValueError:
        return now
    return sent if sent.tzinfo and now - REPORTED_WITHIN < sent < now else now


def _search(name: str, text: str) -> re.Match[str] | None:
    return PATTERNS[name].search(text)


def _every(name: str, text: str) -> set[str]:
    return {found.lower() for found in PATTERNS[name].findall(text)}


def _texts(mail: Message) -> list[str]:
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return [part.decode("utf-8", "replace").replace("\r\n", "\n") for part in parts if isinstance(part, bytes)]


def _all(header: Message, *names: str) -> str:
    return ", ".join(_words(value) for name in names for value in header.get_all(name, []))


def _words(value: object) -> str:
    """Return it decoded and on one line, without NUL, which PostgreSQL cannot store."""
    text = str(value or "").replace("\0", "")
    with suppress(HeaderParseError, LookupError, ValueError):  # it stays encoded
        text = str(make_header(decode_header(text)))
    return " ".join(text.split())
