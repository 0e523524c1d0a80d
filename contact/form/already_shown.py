"""What a person was already shown: signed hidden values in the form, as there is no cookie to keep it in."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, TimestampSigner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Long enough to call a nurse first and to come back.
HOLDS = timedelta(hours=12)

_signer = TimestampSigner(salt="contact.form.already_shown")


class Shown(StrEnum):
    """Why the form was shown again; the value names the hidden field."""

    FROM_ELSEWHERE = "confirmed"
    WARNING = "warned"


def was_shown(posted: Mapping[str, str]) -> frozenset[Shown]:
    """Return what the sender of this form was shown before, as far as we signed it."""
    return frozenset(page for page in Shown if _is_signed(page, posted.get(page.value, "")))


def hidden_values(pages: Iterable[Shown]) -> list[tuple[str, str]]:
    """Return names and values of the hidden fields that remember these pages."""
    return [(page.value, _signer.sign(page.value)) for page in sorted(pages)]


def _is_signed(page: Shown, value: str) -> bool:
    try:
        return _signer.unsign(value, max_age=HOLDS) == page.value
    except BadSignature:
        return False
