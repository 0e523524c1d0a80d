"""What a reply begins with: a template, filled in, and the likeliest address; and whether it quotes the patient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clinic.lib.email_addresses import suggested_address
from contact.models.message import TO_PATIENTS, MessageType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contact.models import Enquiry

OTHER = "other"

# Filled in by one substitution of these names only, never by `str.format`: no attribute, index or format code works,
# and a value that contains a placeholder is not filled in again.
KNOWN = ("name", "reference", "clinic", "phone", "me")
PLACEHOLDER = re.compile(rf"\{{({'|'.join(KNOWN)})\}}")
# This many of the patient's words in a row are a quotation.
WORDS_IN_A_ROW = 5


def fill_in(body: str, values: Mapping[str, str]) -> str:
    """Return the text with `{name}`, `{reference}`, `{clinic}`, `{phone}` and `{me}` filled in; other braces stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)


def unknown_placeholders(body: str) -> list[str]:
    """Return what looks like a placeholder but is not one, such as `{nmae}`."""
    return list(dict.fromkeys(re.findall(r"\{[^{}]*\}", PLACEHOLDER.sub("", body))))


def repeats(text: str, message: str) -> bool:
    """Return whether the text contains five words in a row of what the patient wrote."""
    written, words = _words(text), _words(message)
    rows = {tuple(words[start : start + WORDS_IN_A_ROW]) for start in range(len(words) - WORDS_IN_A_ROW + 1)}
    return any(tuple(written[start : start + WORDS_IN_A_ROW]) in rows for start in range(len(written)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def recipients(enquiry: Enquiry) -> tuple[list[tuple[str, str]], str]:
    """Return the addresses to choose from, with a note on each, and the one to select first.

    The address that was typed comes first, then the one that was probably meant, then those of earlier replies, and
    last another one. Selected is where the last reply went, or the first address from which nothing came back.
    """
    typed, meant = enquiry.email, suggested_address(enquiry.email)
    notes = {typed: "as typed by the patient"} | ({meant: "probably what they meant"} if meant else {})
    sent = list(enquiry.messages.filter(kind__in=TO_PATIENTS).order_by("created_at", "pk"))
    used = [message.recipient for message in sent if message.kind == MessageType.REPLY]
    notes |= {address: "used in an earlier reply" for address in used if address not in notes}
    failed = {message.recipient for message in sent if message.bounced_at or message.is_refused}
    choices = []
    for address, note in notes.items():
        known = [note] if len(notes) > 1 else []
        known += ["mail to it came back"] if address in failed else []
        choices.append((address, ", ".join([address, *known])))
    likely = [address for address in (*reversed(used), *notes) if address not in failed]
    return [*choices, (OTHER, "Another address")], (likely or [OTHER])[0]
