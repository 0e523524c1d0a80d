"""The receipt's address carries all the receipt says, signed: it needs no row, and nobody can make one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer

from clinic.lib.telephone import is_odd
from contact.screening.email_addresses import KNOWN_DOMAINS, suggested_domain
from contact.screening.masking import Kind

if TYPE_CHECKING:
    from contact.models import Enquiry

_signer = Signer(salt="contact.receipt")
# So many things a receipt can tell.
LENGTH = 6


@dataclass(frozen=True)
class Receipt:
    """`hidden`: what was removed from the message; `domain`: where the e-mail address perhaps should lead."""

    reference: str
    received_at: datetime
    due_at: datetime | None
    hidden: tuple[str, ...] = ()
    domain: str = ""
    phone_is_odd: bool = False


def sign(enquiry: Enquiry) -> str:
    """Return the signed part of the receipt's address: always the same for one enquiry, and nothing personal."""
    told = [enquiry.reference, _seconds(enquiry.received_at), _seconds(enquiry.due_at)]
    return _signer.sign_object([*told, *_doubts(enquiry)])


def read(signed: str) -> Receipt | None:
    """Return what was signed, or `None` when the address was changed."""
    try:
        told: list[Any] = _signer.unsign_object(signed)
    except BadSignature:
        return None
    # The first receipts named no day, and those about which there is nothing to ask end there.
    reference, received, due, hidden, domain, phone_is_odd = told + [None] * (LENGTH - len(told))
    return Receipt(
        reference,
        datetime.fromtimestamp(received, UTC),
        datetime.fromtimestamp(due, UTC) if due else None,
        hidden=tuple(list(Kind)[number].value for number in hidden or ()),
        domain="" if domain is None else KNOWN_DOMAINS[domain],
        phone_is_odd=bool(phone_is_odd),
    )


def _doubts(enquiry: Enquiry) -> list[Any]:
    """Return what was hidden and what may be mistyped, by numbers of our own lists; nothing when all is well."""
    hidden = [number for number, kind in enumerate(Kind) if kind.value in enquiry.masked]
    domain, phone_is_odd = suggested_domain(enquiry.email), is_odd(enquiry.phone)
    if not (hidden or domain or phone_is_odd):
        return []
    return [hidden, KNOWN_DOMAINS.index(domain) if domain else None, phone_is_odd]


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None
