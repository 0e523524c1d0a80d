"""Other enquiries of the same person: of the same mailbox or phone number, while they are stored."""

from collections.abc import Iterable

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
    sent = list(_sent_by(shown).only(*KEYS, "status", "received_at"))
    for one in shown:
        others = [other for other in sent if other.pk != one.pk and _keys(other) & _keys(one)]
        if others:
            latest, more = others[0], f" and {len(others) - 1} more" if len(others) > 1 else ""
            on = f"{timezone.localtime(latest.received_at):%b %-d}"
            one.wrote_before = f"also wrote on {on}: {latest.get_status_display()}{more}"


def _keys(enquiry: Enquiry) -> set[str]:
    return {getattr(enquiry, name) for name in KEYS} - {""}


def _sent_by(enquiries: Iterable[Enquiry]) -> QuerySet[Enquiry]:
    mailboxes = {one.mailbox for one in enquiries} - {""}
    numbers = {number for one in enquiries for number in (one.phone_normalised, one.heard_phone)} - {""}
    same = Q(mailbox__in=mailboxes) | Q(phone_normalised__in=numbers) | Q(heard_phone__in=numbers)
    return Enquiry.objects.filter(same).exclude(status=Status.SPAM)


def answered_together(enquiry: Enquiry, keys: Iterable[str]) -> QuerySet[Enquiry]:
    """Return those of them with these keys that are still to be answered."""
    return same_person(enquiry).filter(status__in=UNDECIDED, pk__in=[pk for pk in map(parse_pk, keys) if pk])
