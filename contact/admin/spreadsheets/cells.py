"""What stands in a cell: as plain text, which no spreadsheet takes for a formula.

Excel, LibreOffice and Google Sheets compute a cell of a CSV file that begins with one of `BEGINNINGS`, blanks before
it or not; East Asian editions take the full-width forms for the same. An editor with another separator than the
comma (French Canada's Excel has the semicolon) cuts cells in the middle, so each place where it could cut counts
as a beginning. OWASP describes the attack as “CSV injection”.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

Cell = str | int | bool | datetime | None

# = + - @, and what Unicode calls another form of them (NFKC), and the minus sign.
BEGINNINGS = "=+\\-@" + "＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
# Blanks of any width, signs without any width, and soft hyphens: none of them is seen.
UNSEEN = r"\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"
FORMULA = re.compile(rf"(^|[;\t\r\n|])(?=[{UNSEEN}'\"]*[{BEGINNINGS}])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
CUTS_A_LINE = ("\t", "\r", "\n")


def as_text(value: Cell) -> str:
    """Return the value as people write it, without signs that stand for nothing; times are Whitehorse's."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return local(value).strftime("%Y-%m-%d %H:%M")
        case _:
            return CONTROL.sub("", str(value))


def local(time: datetime) -> datetime:
    """Return the time on the clinic's clock, without a time zone, which a spreadsheet does not know."""
    return timezone.make_naive(time, ZoneInfo(settings.TIME_ZONE))


def looks_like_a_formula(text: str) -> bool:
    return text.startswith(CUTS_A_LINE) or FORMULA.search(text) is not None


def defused(text: str) -> str:
    """Return text that no program computes: an apostrophe stands before whatever would begin a formula.

    So `+1 867 555 0142` becomes `'+1 867 555 0142`: readable, and the same number when it is dialled.
    """
    if text.startswith(CUTS_A_LINE):
        text = f"'{text}"
    return FORMULA.sub(r"\1'", text)
