"""Telephone numbers as people type them: kept as typed, compared by their digits, dialled by links."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

NORTH_AMERICAN_LENGTH = 10
# Letters after so many digits begin an extension ("ext. 3") or a second number.
SHORTEST_NUMBER = 7
# 867-555-0142, (867) 667-5555, +1 867 555 0142, and the short numbers 211 to 911.
NUMBER = re.compile(r"(?<![\w-])((?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}|[2-9]11)(?![\w-])")
# The blank before a short number.
SHORT = re.compile(r" (?=[2-9]11(?![\w-]))")
# Where a sentence ends, or a part of one: not the full stop of “e.g.”, after which no capital follows.
PAUSE = re.compile(r"(?<=[.!?])(?<!\.\w\.)\s+(?=[^\Wa-z_]|[(“\"])|(?<=;)\s+|\s*\n\s*")
MARKS = ".,;: "


@dataclass(frozen=True)
class Call:
    """One number to dial, empty where there is none, with the words that lead to it and those that follow."""

    before: str
    number: str = ""
    after: str = ""


def digits_of(phone: str) -> str:
    """Return the number's digits, without extension and without the leading 1 of North America."""
    digits = all_digits(phone)
    if len(digits) == NORTH_AMERICAN_LENGTH + 1 and digits.startswith("1"):
        return digits[1:]
    return digits


def phone_address(phone: str) -> str:
    """Return the address that dials `phone`, such as `tel:+18675550142` or `tel:911`."""
    if phone.strip().startswith("+"):
        return f"tel:+{all_digits(phone)}"
    digits = digits_of(phone)
    return f"tel:+1{digits}" if len(digits) == NORTH_AMERICAN_LENGTH else f"tel:{digits}"


def all_digits(phone: str) -> str:
    """Return the number's digits, without extension, a country code included."""
    digits = ""
    for sign in phone:
        if sign.isdecimal():
            digits += str(unicodedata.decimal(sign))
        elif len(digits) >= SHORTEST_NUMBER and (sign.isalpha() or sign in "#,;/"):
            break
    return digits


@lru_cache(maxsize=100)  # the same few wordings stand on every page
def phone_links(text: str) -> SafeString:
    """Return the text with every telephone number in it as a link that does not break over a line.

    The word before it ("call 811") stays in its line, too.
    """
    pieces = NUMBER.split(SHORT.sub("\N{NO-BREAK SPACE}", text))
    return format_html_join("", "{}", ((_link(piece) if odd % 2 else piece,) for odd, piece in enumerate(pieces)))


@lru_cache(maxsize=100)
def calls(text: str) -> tuple[Call, ...]:
    """Return the text as one row for each number in it, every word in its order; a text without numbers is one row.

    A number that has its row already stays among the words. No stop or comma is left beside a number.
    """
    rows: list[Call] = []
    words = ""
    for part in PAUSE.split(text.strip()):
        pieces = NUMBER.split(part)
        words += pieces[0]
        for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
            if any(row.number == number for row in rows):
                words += number + after
            else:
                rows.append(Call(_begun(words), number))
                words = after.lstrip(MARKS)
        if rows:
            rows[-1] = replace(rows[-1], after=f"{rows[-1].after} {words}".strip())
            words = ""
        else:
            words += " "
    return tuple(replace(row, after=_ended(row.after)) for row in rows) or (Call(text),)


def whole_numbers(text: str) -> SafeString:
    """Return the text with every telephone number in it kept in one line: an example is nothing to dial."""
    pieces = NUMBER.split(text)
    whole = '<span class="whole">{}</span>'
    return format_html_join("", "{}", ((format_html(whole, n) if odd % 2 else n,) for odd, n in enumerate(pieces)))


def _begun(words: str) -> str:
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}"


def _ended(words: str) -> str:
    """Return the words without a mark that divides, at their end; a stop is for sentences."""
    words = words.rstrip(",;: ")
    return words if words[:1].isupper() else words.rstrip(".")


def _link(number: str) -> SafeString:
    return format_html('<a class="phone" href="{}">{}</a>', phone_address(number), number)
