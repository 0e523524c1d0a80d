"""Where a reply may go: what the patient typed is never changed, and where it is wrong another address is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic.lib.email_addresses import suggested_address
from contact.models.message import TO_PATIENTS, MessageType

if TYPE_CHECKING:
    from contact.models import Enquiry

OTHER = "other"
CAME_BACK = "mail to it came back"


def addresses_of(enquiry: Enquiry) -> tuple[list[tuple[str, str]], str]:
    """Return the addresses to choose from with what is known of each, and which of them is the likeliest.

    The one that was typed comes first, then the one that was probably meant, then those of earlier replies, and last
    another one. The likeliest is where the last reply went, or the first of which nothing came back.
    """
    typed, meant = enquiry.email, suggested_address(enquiry.email)
    known = {typed: "as it was typed"} | ({meant: "as it was probably meant"} if meant else {})
    mails = enquiry.messages.filter(kind__in=TO_PATIENTS).order_by("created_at", "pk")
    sent = list(mails.values_list("recipient", "kind", "bounced_at", "is_refused"))
    used = [recipient for recipient, kind, _bounced_at, _is_refused in sent if kind == MessageType.REPLY]
    known |= {recipient: "as in an earlier reply" for recipient in used if recipient not in known}
    lost = {recipient for recipient, _kind, bounced_at, is_refused in sent if bounced_at or is_refused}
    likely = [address for address in (*reversed(used), *known) if address not in lost]
    notes = {address: [note] if len(known) > 1 else [] for address, note in known.items()}
    for address in lost & known.keys():
        notes[address].append(CAME_BACK)
    choices = [(address, ", ".join([address, *notes[address]])) for address in known]
    return [*choices, (OTHER, "Another address")], (likely or [OTHER])[0]
