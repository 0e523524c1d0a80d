"""What other sites use cookies for: where a form was sent from, what its sender has already seen, and the receipt.

Visitors get no cookie, so there is no CSRF token and no session. Browsers say themselves which site a request comes
from (https://www.w3.org/TR/fetch-metadata/), older ones at least in `Origin`. A form that comes from another site is
not stored but shown again, and one press of the button sends it. What has to survive from one page to the next is
signed and travels in hidden fields or in the receipt's address.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import NamedTuple

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.http import HttpRequest

from contact.models import Enquiry

# Long enough to call a nurse first and to come back.
ALREADY_SHOWN_FOR = timedelta(hours=12)

_already_shown_signer = TimestampSigner(salt="contact.form.already_shown")
_receipt_signer = Signer(salt="contact.receipt.2")


class Origin(Enum):
    OURS = "ours"
    UNKNOWN = "unknown"
    ANOTHER_SITE = "another site"


class AlreadyShown(StrEnum):
    """Why the form was shown again; the value names the hidden field."""

    CAME_FROM_ANOTHER_SITE = "confirmed"
    WARNING = "warned"
    DOUBTS = "asked"


def origin_of(request: HttpRequest) -> Origin:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # `same-site` is a neighbouring host name: not ours. `none`: the person started it, such as by a reload.
        return Origin.OURS if site.strip().lower() in {"same-origin", "none"} else Origin.ANOTHER_SITE
    origin = request.headers.get("Origin")
    if origin is None:
        return Origin.UNKNOWN
    # Without the scheme, which may differ behind a proxy.
    if origin.partition("://")[2].lower() == request.get_host().lower():
        return Origin.OURS
    # Privacy add-ons in old browsers always say `Origin: null`. A person to whom we have
    # shown the form again is let through, or they could never write to the clinic.
    was_shown = AlreadyShown.CAME_FROM_ANOTHER_SITE in already_shown(request.POST)
    return Origin.UNKNOWN if was_shown else Origin.ANOTHER_SITE


def already_shown(posted: Mapping[str, str]) -> frozenset[AlreadyShown]:
    """Return what the sender of this form was shown before, according to values that we signed."""
    shown = set()
    for page in AlreadyShown:
        with suppress(BadSignature):
            signed = _already_shown_signer.unsign(posted.get(page.value, ""), max_age=ALREADY_SHOWN_FOR)
            shown |= {page} if signed == page.value else set()
    return frozenset(shown)


def hidden_values(pages: Iterable[AlreadyShown]) -> list[tuple[str, str]]:
    return [(page.value, _already_shown_signer.sign(page.value)) for page in sorted(pages)]


class Receipt(NamedTuple):
    reference: str
    received_at: datetime
    due_at: datetime | None
    is_read_first: bool = False


def sign_receipt(enquiry: Enquiry) -> str:
    """Return the signed part of the receipt's address: always the same for one enquiry, and nothing personal."""
    due = int(enquiry.due_at.timestamp()) if enquiry.due_at else None
    facts = enquiry.reference, int(enquiry.received_at.timestamp()), due, int(enquiry.is_read_first)
    return _receipt_signer.sign_object(facts)


def read_receipt(signed: str) -> Receipt | None:
    """Return what was signed, or `None` when the address was changed."""
    try:
        reference, received, due, is_read_first = _receipt_signer.unsign_object(signed)
    except (BadSignature, ValueError):  # changed, or signed by another version of the site
        return None
    due_at = datetime.fromtimestamp(due, UTC) if due else None
    return Receipt(reference, datetime.fromtimestamp(received, UTC), due_at, bool(is_read_first))
