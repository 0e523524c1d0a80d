"""How to reach a patient: the preferred way first, and what they allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from clinic.lib import telephone
from clinic.lib.email_addresses import suggested_address
from clinic.lib.telephone import digits_of, phone_address

if TYPE_CHECKING:
    from contact.models import Enquiry


@dataclass(frozen=True)
class Way:
    """`address` opens the telephone or the mail program; `dialled` is the number where it was typed otherwise."""

    kind: str
    typed: str
    address: str
    is_preferred: bool
    dialled: str = ""
    suggested: str = ""
    # No telephone reaches it as it was typed.
    is_odd: bool = False


def ways_to_reach(enquiry: Enquiry, *, with_suggestion: bool = True) -> list[Way]:
    """Return the ways that the patient gave, the preferred one first; a list goes without what may be meant."""
    ways = []
    if enquiry.phone:
        number = enquiry.phone_normalised or enquiry.phone
        dialled = number if digits_of(number) != digits_of(enquiry.phone) else ""
        is_odd = with_suggestion and telephone.is_odd(enquiry.phone)
        preferred = enquiry.preferred_contact == "phone"
        ways.append(Way("phone", enquiry.phone, phone_address(number), preferred, dialled, is_odd=is_odd))
    if enquiry.email:
        subject = quote(f"Your enquiry {enquiry.reference}")
        address = f"mailto:{quote(enquiry.email, safe='@')}?subject={subject}"
        meant = suggested_address(enquiry.email) if with_suggestion else ""
        ways.append(Way("email", enquiry.email, address, enquiry.preferred_contact == "email", suggested=meant))
    return sorted(ways, key=lambda way: not way.is_preferred)
