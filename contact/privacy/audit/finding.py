"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Finding:
    """`checked` says what was asked, `found` what the answer was, line by line; `to_do` is empty where all is well."""

    title: str
    checked: str
    found: Sequence[str]
    to_do: str = ""

    @property
    def falls_short(self) -> bool:
        return bool(self.to_do)


def finding(title: str, checked: str, found: Sequence[str], *, wrong: object, to_do: str) -> Finding:
    """Return a finding that falls short when `wrong` is true."""
    return Finding(title, checked, tuple(found), to_do if wrong else "")


def moment(when: datetime | None) -> str:
    """Return the time as the report says it, in the clinic's own zone."""
    return date_format(timezone.localtime(when), "j F Y, H:i") if when else "never"


def counted(number: int, one: str, many: str = "") -> str:
    """Return “1 person”, “3 people”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
