"""Other enquiries of the same person: of the same mailbox or phone number, while they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q

from clinic.lib.ids import parse_pk
from contact.models import Enquiry
from contact.models.enquiry import UNDECIDED, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def same_person(enquiry: Enquiry | None = None) -> QuerySet[Enquiry]:
    """Return the others; without an enquiry, as a subquery for each of a list."""
    one: dict[str, Any] = {
        name: getattr(enquiry, name) if enquiry else OuterRef(name)
        for name in ("pk", "mailbox", "phone_normalised", "heard_phone")
    }
    same = Q(mailbox=one["mailbox"], mailbox__gt="")
    for number in (one["phone_normalised"], one["heard_phone"]):
        same |= Q(phone_normalised=number, phone_normalised__gt="") | Q(heard_phone=number, heard_phone__gt="")
    return Enquiry.objects.filter(same).exclude(Q(pk=one["pk"]) | Q(status=Status.SPAM))


def answered_together(enquiry: Enquiry, keys: Iterable[str]) -> QuerySet[Enquiry]:
    """Return those of them with these keys that are still to be answered."""
    return same_person(enquiry).filter(status__in=UNDECIDED, pk__in=[pk for pk in map(parse_pk, keys) if pk])
