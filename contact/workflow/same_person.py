"""Other enquiries of the same person: of the same mailbox or phone number, while they are stored."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.lib.ids import parse_pk
from contact.models import Enquiry
from contact.models.enquiry import UNDECIDED, Status

KEYS = ("mailbox", "phone_normalised", "heard_phone")


def same_person(enquiry: Enquiry) -> QuerySet[Enquiry]:
    return _sent_by([enquiry]).exclude(pk=enquiry.pk)


def mark_known(enquiries: Iterable[Enquiry]) -> None:
    """Say in `wrote_before` of each what else its sender sent, such as “also wrote on Nov 3: Answered”; one query."""
    shown = list(enquiries)
    by_key: dict[Any, set[tuple[Any, ...]]] = defaultdict(set)
    for at, pk, status, *keys in _sent_by(shown).order_by().values_list("received_at", "pk", "status", *KEYS):
        for key in keys:
            by_key[key].add((at, pk, status))
    for one in shown:
        others = {sent for name in KEYS for sent in by_key[getattr(one, name) or None] if sent[1] != one.pk}
        if others:
            at, _pk, status = max(others)
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            one.wrote_before = f"also wrote on {timezone.localtime(at):%b %-d}: {Status(status).label}{more}"


def _sent_by(enquiries: Iterable[Enquiry]) -> QuerySet[Enquiry]:
    mailboxes = {one.mailbox for one in enquiries} - {""}
    numbers = {number for one in enquiries for number in (one.phone_normalised, one.heard_phone)} - {""}
    same = Q(mailbox__in=mailboxes) | Q(phone_normalised__in=numbers) | Q(heard_phone__in=numbers)
    return Enquiry.objects.filter(same).exclude(status=Status.SPAM)


def answered_together(enquiry: Enquiry, keys: Iterable[str]) -> QuerySet[Enquiry]:
    """Return those of them with these keys that are still to be answered."""
    return same_person(enquiry).filter(status__in=UNDECIDED, pk__in=[pk for pk in map(parse_pk, keys) if pk])
