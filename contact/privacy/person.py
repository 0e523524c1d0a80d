"""Everything the site has about one person, found by e-mail address or phone number, to give out or to erase."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from clinic.lib.telephone import LOCAL_LENGTH, YUKON, digits_of, normalised
from contact.models import Enquiry, Entry, Message, PurgeRun
from contact.models.message import TO_PATIENTS
from contact.privacy import erased_references
from contact.privacy.deletion import delete, empty_write_ahead_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

# More than one person ever sends. Anything beyond is found by a second search, after these are erased.
MOST = 200

# However a number is grouped in a text, as a regular expression of both databases.
BETWEEN_DIGITS = "[^0-9A-Za-z]{0,3}"

THEIR_EMAIL = "sent with this e-mail address"
THEIR_PHONE = "sent with this phone number"
MAIL_WENT_THERE = "mail about it went to this e-mail address"
MENTIONED = "mentions it in the text: may be about someone else"
NOTED = "a note or reply mentions it: may be about someone else"
CERTAIN = (THEIR_EMAIL, THEIR_PHONE, MAIL_WENT_THERE)


class OnHoldError(Exception):
    """Some enquiries, `references`, are on legal hold. Nothing was erased."""

    def __init__(self, references: Sequence[str]) -> None:
        super().__init__(", ".join(references))
        self.references = references


@dataclass(frozen=True)
class Found:
    enquiry: Enquiry
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Whether the enquiry is this person's own. A mention has to be read first."""
        return any(reason in CERTAIN for reason in self.reasons)


def find(email: str = "", phone: str = "") -> list[Found]:
    """Return the enquiries with this address or number, spam included, newest first, at most `MOST`."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for reason, enquiries in (*_by_email(email.strip()), *_by_phone(phone)):
        for number in enquiries.order_by("-received_at").values_list("pk", flat=True)[:MOST]:
            if reason not in reasons[number]:
                reasons[number].append(reason)
    newest = Enquiry.objects.filter(pk__in=list(reasons)).order_by("-received_at", "-pk")[:MOST]
    whole = newest.select_related("assigned_to").prefetch_related("entries__author", "messages__delivery_attempts")
    return [Found(enquiry, tuple(reasons[enquiry.pk])) for enquiry in whole]


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
    """Delete these for good and return the deletion record; None where they were deleted already.

    Raises `OnHoldError`, and deletes nothing, when one of them is on legal hold.
    """
    keys = [enquiry.pk for enquiry in enquiries]
    with transaction.atomic():
        locked = list(Enquiry.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
        if held := [enquiry.reference for enquiry in locked if enquiry.legal_hold]:
            raise OnHoldError(held)
        run = delete(dict.fromkeys(locked, PurgeRun.Reason.REQUEST), request=request)
        if run:
            transaction.on_commit(partial(erased_references.add, run.references))
    empty_write_ahead_log()
    return run
