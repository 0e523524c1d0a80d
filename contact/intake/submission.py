"""One transaction stores the enquiry and its outgoing messages: both are there, or neither is.

Many enquiries cause little mail: few receipts to one address, and one summary for staff in an unusual hour.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from clinic.lib.characters import folded
from clinic.lib.logs import failures_logged, log_failure
from clinic.lib.telephone import digits_of, normalised
from contact.intake import promise
from contact.models import DeskSettings, Enquiry, EnquiryEvent, Message, SpamFeature, SyntheticCheck
from contact.models.enquiry import SOON, Status
from contact.models.event import EventType, record
from contact.models.message import MessageType
from contact.models.settings import proof_address, staff_address
from contact.screening.masking import mask_private_numbers
from contact.screening.spam import Feature, screen

# The same answers again within this time are a double click, a reload or a “back”: they get the same receipt.
DUPLICATE_WINDOW = timedelta(minutes=10)
ATTEMPTS = 5
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_RECEIPTS_A_DAY = 3
# The messages an enquiry begins with; a canary's goes to the address of the synthetic check alone.
FIRST_KINDS = (MessageType.STAFF_NOTIFICATION, MessageType.PATIENT_RECEIPT, MessageType.CANARY)


def submit_enquiry(
    answers: Mapping[str, Any], *, canary: str = "", now: datetime | None = None, **fields: Any
) -> Enquiry:
    """Store a valid form's answers (`EnquiryForm.answers`) under their own names, and return the enquiry.

    `fields` are others of `Enquiry`, about how it came: the page the form was opened for, the privacy notice beside it,
    the warning signs that the person was shown before sending it anyway. `canary` is the signature of the site's own
    synthetic check, if any. When the same answers came before, the earlier enquiry is returned, with the times of this
    sender's receipt. Raises `django.db.Error` when nothing could be stored.
    """
    message, hidden = mask_private_numbers(answers["message"])
    answers = {**answers, "message": message}
    enquiry = Enquiry(
        **answers,
        **fields,
        phone_normalised=normalised(answers["phone"]),
        masked=[masked_type.value for masked_type in hidden],
        fingerprint=fingerprint_of(answers, fields.get("about_id")),
        received_at=now or timezone.now(),
    )
    features, is_unusual_hour = _screen(enquiry)
    if enquiry.topic == Enquiry.Topic.CHANGE_SOON:
        enquiry.red_flags = [*enquiry.red_flags, SOON]
    # Whatever it is, the enquiry is stored; `contact.workflow.escalation` sets the time later.
    with failures_logged("The due date of an enquiry could not be calculated"):
        due_at = promise.reply_policy().due_at(enquiry.received_at, is_urgent=enquiry.is_read_first)
        enquiry.due_at = enquiry.promised_at = due_at
    for _ in range(ATTEMPTS):
        try:
            return _store(copy(enquiry), features, canary, is_unusual_hour=is_unusual_hour)
        except IntegrityError:
            # Another process stored the same form a moment earlier, or (once in 148 million) the reference is taken:
            # look again.
            continue
    raise DatabaseError("Other processes stored the same answers at each attempt.")


def fingerprint_of(answers: Mapping[str, Any], about_id: int | None = None) -> str:
    """Return a keyed hash of all answers, in which case, accents, spaces and punctuation of numbers do not count."""
    phone = normalised(answers["phone"]) or digits_of(answers["phone"])
    compared = {**answers, "phone": phone, "about": about_id or ""}
    words = (f"{name}={folded(str(value))}" for name, value in sorted(compared.items()))
    return salted_hmac("contact.fingerprint", "\0".join(words), algorithm="sha256").hexdigest()


def _screen(enquiry: Enquiry) -> tuple[list[Feature], bool]:
    """Screen it for spam; when that fails, the enquiry is stored without.

    Raises `django.db.Error` when there is no database at all, so that the sender learns it at once.
    """
    enquiry.is_receipt_held = enquiry.honeypot_filled
    try:
        return screen(enquiry)
    except Exception as error:
        log_failure("An enquiry could not be screened for spam", error)
        if not connection.is_usable():
            raise
    return [], False


@transaction.atomic
def _store(enquiry: Enquiry, features: Iterable[Feature], canary: str, *, is_unusual_hour: bool) -> Enquiry:
    earlier = Enquiry.all_objects.filter(fingerprint=enquiry.fingerprint).first()
    if earlier:
        return _received_again(earlier, enquiry)
    pages = Page.objects.filter(pk=enquiry.about_id, depth__gt=1).only("title")
    enquiry.about = pages.first() if enquiry.about_id else None
    enquiry.about_title = enquiry.about.title if enquiry.about else ""
    if canary and SyntheticCheck.objects.take_canary(canary):
        enquiry.is_canary, enquiry.status, enquiry.sender_hash, enquiry.network_hash = True, Status.NEW, "", ""
    enquiry.save(force_insert=True)
    if not enquiry.is_canary:
        warned = "with warning signs" if enquiry.red_flags else ""
        is_suspected = enquiry.status == Status.SUSPECTED_SPAM
        record(EventType.RECEIVED, enquiry.reference, detail="suspected spam" if is_suspected else warned)
        SpamFeature.objects.bulk_create(
            SpamFeature(enquiry=enquiry, kind=kind, value=value) for kind, value in features
        )
        if is_unusual_hour:
            summarise_for_staff(enquiry)
    is_in_summary = is_unusual_hour and not enquiry.is_read_first
    not_needed = [MessageType.STAFF_NOTIFICATION] if is_in_summary else []
    _queue_messages(enquiry, enquiry.received_at, not_needed=not_needed)
    return enquiry


def _received_again(enquiry: Enquiry, again: Enquiry) -> Enquiry:
    """Return the enquiry as its sender's receipt has it; after ten minutes, let it wait again, with the present time.

    So no one learns when another person wrote the same.
    """
    now = again.received_at
    times = EnquiryEvent.objects.filter(reference=enquiry.reference, kind=EventType.AGAIN)
    enquiry.received_at = times.values_list("at", flat=True).first() or enquiry.received_at
    if abs(now - enquiry.received_at) >= DUPLICATE_WINDOW and not enquiry.is_canary:
        if not enquiry.is_waiting or enquiry.is_read_first:
            enquiry.due_at = enquiry.promised_at = again.due_at
        if enquiry.status in (Status.SPAM, Status.SUSPECTED_SPAM):
            enquiry.status = Status.SUSPECTED_SPAM
        elif not enquiry.is_waiting:
            enquiry.status = Status.IN_PROGRESS
        enquiry.follow_up_at, enquiry.waiting_for_patient, enquiry.urgency_ended_at = None, False, None
        enquiry.revision += 1
        times_and_status = ("due_at", "promised_at", "status", "answered_at", "closed_at", "follow_up_at")
        enquiry.save(update_fields=[*times_and_status, "waiting_for_patient", "urgency_ended_at", "revision"])
        record(EventType.AGAIN, enquiry.reference, detail="The same words, so it is one enquiry.", at=now)
        enquiry.received_at = now
    if enquiry.due_at and enquiry.due_at <= enquiry.received_at:
        enquiry.due_at = again.due_at
    return enquiry


def make_held_messages(enquiry: Enquiry, now: datetime | None = None) -> None:
    """Make the messages that were held back until someone had decided that it is no spam, unless that was done.

    Call it in the transaction that has locked the enquiry's row, as `contact.workflow.updates` does.
    """
    _queue_messages(enquiry, now or timezone.now(), not_needed=list(enquiry.messages.values_list("kind", flat=True)))


def _queue_messages(enquiry: Enquiry, now: datetime, *, not_needed: Collection[str]) -> None:
    """Make the messages that an enquiry begins with, without those that are held back."""
    if enquiry.status == Status.SUSPECTED_SPAM:
        return
    recipients = {MessageType.STAFF_NOTIFICATION: staff_address(), MessageType.PATIENT_RECEIPT: enquiry.email}
    if enquiry.is_canary:
        recipients = {MessageType.CANARY: proof_address()}
    for kind, recipient in recipients.items():
        if kind in not_needed or not recipient:
            continue
        is_receipt = kind == MessageType.PATIENT_RECEIPT
        if is_receipt and (enquiry.is_receipt_held or not may_mail_receipt(enquiry.mailbox, now)):
            continue
        Message.objects.create(enquiry=enquiry, kind=kind, recipient=recipient, created_at=now, not_before=now)


def may_mail_receipt(mailbox: str, now: datetime) -> bool:
    """Return whether this mailbox may be sent a receipt now: one an hour, and three a day.

    Anyone can type anyone's address into the form. Call it in the transaction that stores the receipt.
    """
    # When that fails, the enquiry is stored all the same, and the receipt is shown on screen alone.
    with (
        failures_logged("Earlier receipts could not be counted, so none is mailed", DatabaseError),
        transaction.atomic(),
    ):
        lock_mail()
        # Times far ahead are those of a clock that was wrong; of two requests at once, the later may be stored first.
        receipts = Message.objects.filter(kind=MessageType.PATIENT_RECEIPT, enquiry__mailbox=mailbox)
        times = receipts.filter(created_at__range=(now - DAY, now + HOUR)).values_list("created_at", flat=True)
        return len(times) < MOST_RECEIPTS_A_DAY and all(time <= now - HOUR for time in times)
    return False


def lock_mail() -> None:
    """Let one transaction at a time find out what mail was made before it."""
    DeskSettings.objects.select_for_update().first()


def summarise_for_staff(enquiry: Enquiry) -> None:
    """See to it that staff get a summary that covers this enquiry: the first at once, and then one an hour."""
    lock_mail()
    kind, now = MessageType.STAFF_SUMMARY, enquiry.received_at
    latest = Message.objects.filter(kind=kind, not_before__lte=now + HOUR).order_by("not_before").last()
    if latest and latest.sent_at is None:
        return
    at = max(now, latest.not_before + HOUR) if latest else now
    Message.objects.create(enquiry=enquiry, kind=kind, recipient=staff_address(), created_at=at, not_before=at)
