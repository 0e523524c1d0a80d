"""Telephone numbers as people type them: kept as typed, compared by their digits, dialled by links."""

from __future__ import annotations

import re
import unicodedata
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


def whole_numbers(text: str) -> SafeString:
    """Return the text with every telephone number in it kept in one line: an example is nothing to dial."""
    pieces = NUMBER.split(text)
    whole = '<span class="whole">{}</span>'
    return format_html_join("", "{}", ((format_html(whole, n) if odd % 2 else n,) for odd, n in enumerate(pieces)))


def _link(number: str) -> SafeString:
    return format_html('<a class="phone" href="{}">{}</a>', phone_address(number), number)
