"""Everything the site has about one person, found by e-mail address or phone number, to give out or to erase.

What is given out is the same as a page to read and as JSON: labels and words of each field that is not empty. The page
sums up who opened an enquiry (`contact/workflow/activity_log.py`); the JSON has each event.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst

from clinic.lib.telephone import LOCAL_LENGTH, YUKON, digits_of, normalised
from contact.form.forms import EnquiryForm
from contact.models import Enquiry, EnquiryEvent, Entry, Message, PurgeRun
from contact.models.message import TO_PATIENTS
from contact.privacy.deletion import delete, empty_write_ahead_log, remember_erased
from contact.workflow.updates import field_in_words

# More than one person ever sends. Anything beyond is found by a second search, after these are erased.
MOST = 200

# However a number is grouped in a text, as a regular expression of both databases.
BETWEEN_DIGITS = "[^0-9A-Za-z]{0,3}"

THEIR_EMAIL = "sent with this e-mail address"
THEIR_PHONE = "sent with this phone number"
MAIL_WENT_THERE = "mail about it went to this e-mail address"
MENTIONED = "mentions it in the text: may be about someone else"
NOTED = "a note or reply mentions it: may be about someone else"
# The enquiry is this person’s own. A mention has to be read first.
CERTAIN = {THEIR_EMAIL, THEIR_PHONE, MAIL_WENT_THERE}
_DISCLOSURE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
NOT_DISCLOSED, LABELS = _DISCLOSURE["not_disclosed"], _DISCLOSURE["labels"]
ENTRY_FIELDS = ("at", "kind", "author", "call_outcome", "text")
MESSAGE_FIELDS = ("kind", "recipient", "created_at", "sent_at", "bounced_at", "bounce_reason")
EVENT_FIELDS = ("at", "kind", "actor_name", "detail")


def find(email: str = "", phone: str = "") -> dict[Enquiry, list[str]]:
    """Return at most `MOST` enquiries with this address or number, newest first, spam too; each with its reasons."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for reason, enquiries in (*_by_email(email.strip()), *_by_phone(phone)):
        for number in enquiries.order_by("-received_at").values_list("pk", flat=True)[:MOST]:
            if reason not in reasons[number]:
                reasons[number].append(reason)
    newest = Enquiry.objects.filter(pk__in=list(reasons)).order_by("-received_at", "-pk")[:MOST]
    whole = newest.select_related("assigned_to").prefetch_related("entries__author", "messages__delivery_attempts")
    return {enquiry: reasons[enquiry.pk] for enquiry in whole}


def _by_email(email: str) -> Iterable[tuple[str, QuerySet[Enquiry]]]:
    if not email:
        return ()
    sent = Message.objects.filter(kind__in=TO_PATIENTS, recipient__iexact=email)
    return (
        (THEIR_EMAIL, Enquiry.objects.filter(email__iexact=email)),
        (MAIL_WENT_THERE, Enquiry.objects.filter(pk__in=sent.values("enquiry")).exclude(email__iexact=email)),
        *_mentioning(Q(message__icontains=email) | Q(name__icontains=email), Q(text__icontains=email)),
    )


def _by_phone(phone: str) -> Iterable[tuple[str, QuerySet[Enquiry]]]:
    digits, dialled = digits_of(phone), normalised(phone)
    if not digits:
        return ()
    same = Q(phone_digits=digits)
    if dialled:
        # However it was typed: with or without the area code and the leading 1.
        same |= Q(phone_normalised=dialled) | Q(phone_digits=digits_of(dialled))
    local = digits[-LOCAL_LENGTH:]
    if dialled == f"+1{YUKON}{local}":
        same |= Q(phone_digits=local)
    grouped = BETWEEN_DIGITS.join(local)
    return (
        (THEIR_PHONE, Enquiry.objects.filter(same)),
        *_mentioning(Q(message__regex=grouped) | Q(name__regex=grouped), Q(text__regex=grouped)),
    )


def _mentioning(theirs: Q, ours: Q) -> Iterable[tuple[str, QuerySet[Enquiry]]]:
    noted = Entry.objects.filter(ours)
    return (
        (MENTIONED, Enquiry.objects.filter(theirs)),
        (NOTED, Enquiry.objects.filter(pk__in=noted.values("enquiry"))),
    )


def erase(enquiries: Iterable[Enquiry], request: HttpRequest) -> PurgeRun | None:
    """Delete these for good and return the deletion record.

    None, and nothing is deleted, where they were deleted already or one of them is on legal hold.
    """
    keys = [enquiry.pk for enquiry in enquiries]
    with transaction.atomic():
        locked = list(Enquiry.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
        if any(enquiry.legal_hold for enquiry in locked):
            return None
        run = delete(dict.fromkeys(locked, PurgeRun.Reason.REQUEST), request=request)
        if run:
            transaction.on_commit(partial(remember_erased, run.references))
    empty_write_ahead_log()
    return run


def enquiry_fields() -> list[str]:
    """Return the names of the disclosed fields of an enquiry, a field that was added to the form among them."""
    return [field.name for field in Enquiry._meta.concrete_fields if field.name not in NOT_DISCLOSED]


def as_data(enquiries: Iterable[Enquiry]) -> dict[str, Any]:
    """Return everything about these enquiries, for JSON."""
    return {
        "made_at": timezone.localtime(timezone.now()).isoformat(timespec="seconds"),
        "enquiries": [
            words
            | {"activity": [_labelled(event, EVENT_FIELDS) for event in EnquiryEvent.objects.of(words["reference"])]}
            for words in in_words(enquiries)
        ],
    }


def in_words(enquiries: Iterable[Enquiry]) -> list[dict[str, Any]]:
    """Return the same for the page, without the activity."""
    return [
        {
            "reference": enquiry.reference,
            "fields": _labelled(enquiry, enquiry_fields()),
            "entries": [_labelled(entry, ENTRY_FIELDS) for entry in enquiry.entries.all()],
            "mail": [_labelled(message, MESSAGE_FIELDS) | _attempts(message) for message in enquiry.messages.all()],
        }
        for enquiry in enquiries
    ]


def _attempts(message: Message) -> dict[str, str]:
    attempts = [f"{attempt}. {attempt.reply}" for attempt in message.delivery_attempts.all()]
    return {"Delivery attempts": "\n".join(attempts)} if attempts else {}


def _labelled(row: Model, names: Iterable[str]) -> dict[str, str]:
    return {_label(row, name): words for name in names if (words := field_in_words(row, name))}


def _label(row: Model, name: str) -> str:
    asked = EnquiryForm.answer_fields().get(name) if isinstance(row, Enquiry) else None
    label = asked.label if asked else getattr(row._meta.get_field(name), "verbose_name", name)
    return LABELS.get(name) or capfirst(str(label))
