"""The receipt's address carries all the receipt says, signed: it needs no row, and nobody can make one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

if TYPE_CHECKING:
    from contact.models import Enquiry

_signer = Signer(salt="contact.receipt")


@dataclass(frozen=True)
class Receipt:
    reference: str
    received_at: datetime
    due_at: datetime | None


def sign(enquiry: Enquiry) -> str:
    """Return the signed part of the receipt's address: always the same for one enquiry."""
    return _signer.sign_object([enquiry.reference, _seconds(enquiry.received_at), _seconds(enquiry.due_at)])


def read(signed: str) -> Receipt | None:
    """Return what was signed, or `None` when the address was changed."""
    try:
        reference, received, *due = _signer.unsign_object(signed)
    except BadSignature:
        return None
    # The first receipts named no day.
    due_at = datetime.fromtimestamp(due[0], UTC) if any(due) else None
    return Receipt(reference, datetime.fromtimestamp(received, UTC), due_at)


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None
