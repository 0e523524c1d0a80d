"""Other enquiries of the same person: of the same mailbox or phone number, while they are stored."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from clinic.lib.ids import parse_pk
from contact.models import Enquiry
from contact.models.enquiry import UNDECIDED, Status


def same_person(enquiry: Enquiry) -> QuerySet[Enquiry]:
    return _sent_by([enquiry]).exclude(pk=enquiry.pk)


def mark_known(enquiries: Iterable[Enquiry]) -> None:
    """Set `wrote_before` on those whose sender sent others, with one query."""
    names = ("mailbox", "phone_normalised", "heard_phone")
    shown = list(enquiries)
    sent = Counter(key for keys in _sent_by(shown).values_list(*names) for key in {*keys} - {""})
    for one in shown:
        one.wrote_before = any(sent[getattr(one, name)] > 1 for name in names)


def _sent_by(enquiries: Iterable[Enquiry]) -> QuerySet[Enquiry]:
    mailboxes = {one.mailbox for one in enquiries} - {""}
    numbers = {number for one in enquiries for number in (one.phone_normalised, one.heard_phone)} - {""}
    same = Q(mailbox__in=mailboxes) | Q(phone_normalised__in=numbers) | Q(heard_phone__in=numbers)
    return Enquiry.objects.filter(same).exclude(status=Status.SPAM)


def answered_together(enquiry: Enquiry, keys: Iterable[str]) -> QuerySet[Enquiry]:
    """Return those of them with these keys that are still to be answered."""
    return same_person(enquiry).filter(status__in=UNDECIDED, pk__in=[pk for pk in map(parse_pk, keys) if pk])
