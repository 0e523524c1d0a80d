"""Phone numbers: stored as typed, compared by their digits, and dialled in E.164 (https://www.itu.int/rec/T-REC-E.164)."""

import re
import unicodedata
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NORTH_AMERICAN_LENGTH = 10
# A number of seven digits is a Yukon number.
LOCAL_LENGTH = 7
YUKON = "867"
# 867-555-0142, (867) 667-5555, +1 867 555 0142
_FULL = r"(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}"
FULL_NUMBER = re.compile(rf"(?<![\w-]){_FULL}(?![\w-])")
# The same, and the short numbers 211 to 911.
NUMBER = re.compile(rf"(?<![\w-])({_FULL}|[2-9]11)(?![\w-])")
_SPACE_BEFORE_SHORT = re.compile(r" (?=[2-9]11(?![\w-]))")
# Area code and exchange start with 2 to 9, and neither is a service code such as 911 (https://www.nanpa.com/).
_NORTH_AMERICAN = re.compile(r"(?!.11)[2-9]\d{2}(?!.11)[2-9]\d{6}")
_ABROAD = re.compile(r"[2-9]\d{7,14}")
# Iridium, Globalstar and Thuraya, which people also type without the “+”.
_SATELLITE = re.compile(r"88(?:1[6-9]\d{8}|216\d{8})")
# An area code and seven letters or digits, of which three letters follow each other: a single “O” is a typing error.
# Letters beyond the seventh, and an extension, are not dialled.
_WITH_LETTERS = re.compile(
    r"((?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?(?=[\d .-]{0,4}(?:[A-Za-z][ .-]?){3})(?:[A-Za-z\d][ .-]?){6}[A-Za-z\d])"
    r"[A-Za-z]*(?:[ ,;]+(?:ext|x|poste|#)\W*\d+)?"
)
# A letter in place of a digit, as in 867-555-0l42; an “x”, or the “p” of “poste”, begins an extension.
_MISTYPED = re.compile(r"(?<=\d)[^\W\d_pPxX](?=\d)")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
# 011 or 00, at the start only: 867-301-1234 and 403-700-1234 contain the same digits later on.
_EXIT_CODE = re.compile(r"\A(?:011|00)(?=[1-9])")


def all_digits(phone: str) -> str:
    """Return the digits including a country code, without the extension: letters after seven digits begin one.

    Letters in place of digits, as in 1-800-PHYSIO-1, are those of a telephone's keys.
    """
    if found := _WITH_LETTERS.fullmatch(phone.strip()):
        phone = phone.strip()[: found.end(1)].upper().translate(_KEYS)
    digits = ""
    for character in _MISTYPED.sub("", phone):
        if character.isdecimal():
            digits += str(unicodedata.decimal(character))
        elif len(digits) >= LOCAL_LENGTH and (character.isalpha() or character in "#,;/"):
            break
    return digits


def digits_of(phone: str) -> str:
    """Return the digits without the extension and without North America's leading 1."""
    digits = all_digits(phone)
    has_country_code = len(digits) == NORTH_AMERICAN_LENGTH + 1 and digits.startswith("1")
    return digits[1:] if has_country_code else digits


def without_exit_code(digits: str) -> str:
    """Return 44… for 01144… and 0044…"""
    return _EXIT_CODE.sub("", digits)


def normalised(typed: str) -> str:
    """Return the number as `+18675550142`; empty when it cannot be a phone number."""
    # +44 (0)20 7946 0958: the 0 is not dialled from abroad.
    digits = all_digits(typed.replace("(0)", ""))
    is_yukon = digits.startswith(YUKON) and len(digits) == NORTH_AMERICAN_LENGTH  # also after “+”: China’s are longer
    is_international = (typed.lstrip(" (").startswith("+") and not is_yukon) or bool(_EXIT_CODE.match(digits))
    digits = without_exit_code(digits)
    if _SATELLITE.fullmatch(digits) or (is_international and _ABROAD.fullmatch(digits)):
        return f"+{digits}"
    if len(digits) == LOCAL_LENGTH and not is_international:
        digits = YUKON + digits
    if is_international and not digits.startswith("1"):
        return ""
    digits = digits.removeprefix("1")
    return f"+1{digits}" if _NORTH_AMERICAN.fullmatch(digits) else ""


def is_odd(typed: str) -> bool:
    """Return whether something was typed that cannot be dialled."""
    return bool(typed.strip()) and not normalised(typed)


def phone_address(phone: str) -> str:
    """Return the address that dials `phone`, such as `tel:+18675550142` or `tel:911`."""
    return f"tel:{normalised(phone) or digits_of(phone)}"


@lru_cache(maxsize=100)  # the same few texts appear on every page
def phone_links(text: str) -> SafeString:
    """Return the text with every phone number as a link, kept on one line with the word before a short number."""
    pieces = NUMBER.split(_SPACE_BEFORE_SHORT.sub("\N{NO-BREAK SPACE}", text))
    link = '<a class="phone" href="{}">{}</a>'
    linked = (format_html(link, phone_address(one), one) if odd % 2 else one for odd, one in enumerate(pieces))
    return format_html_join("", "{}", ((piece,) for piece in linked))
