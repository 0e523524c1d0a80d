"""Health card numbers and dates of birth, hidden before anything is stored: the form asks for neither.

Hidden are: what is called a health number, whatever its length; a BC personal health number (ten digits that begin with
9, in its 4-3-3 groups or with its check digit); nine digits as on Yukon's and Alberta's cards; Quebec's four letters
and eight digits; and a whole date that is called a birth date. Phone numbers (also Alaska's, which begin with 907),
dates of appointments and of injuries, prices and claim numbers stay: the clinic needs them to answer.
"""

import re
from collections.abc import Callable
from enum import StrEnum


class MaskedType(StrEnum):
    """What was hidden; the value is shown in the message, at the desk and on the receipt.

    Their order is part of the receipts' addresses: only ever add at the end.
    """

    HEALTH_NUMBER = "health card number"
    BIRTH_DATE = "date of birth"

    @property
    def mask(self) -> str:
        return f"[{self.value} removed]"


_BETWEEN = r"(?:[\s:=#(.\-]|\b(?:is|was|number|numbers|no|nr|num|card|id|my|the|its|it's|here)\b){0,14}"
_CALLED_HEALTH_NUMBER = (
    r"\b(?:health[\s-]*(?:care|card|insurance|services)*[\s-]*(?:card|number|no\b|nr\b|num\b|id\b|\#|plan)?|care\s*card"
    r"|phn|phin|yhcip|yhcn|ahcip|hcn|hsn|ohip|msp|mcp|ramq|medicare|(?:bc\s+)?services\s+card)\b"
)
# Ontario's ends with two letters.
_DIGITS = r"\d(?:[ .\-]?\d){6,11}(?:[ \-]?(?-i:[A-Z]{2})\b)?(?![\d\-]|\.\d)"
LABELLED = re.compile(rf"(?P<label>{_CALLED_HEALTH_NUMBER}{_BETWEEN})(?P<number>{_DIGITS})", re.IGNORECASE)
# Around these there are no further digits and no “+” of a country code.
_START, _END = r"(?<![\d+#$\-/.])(?<!\d )", r"(?![\d\-/]|[ .]\d)"
BC = re.compile(rf"{_START}9\d{{3}}([ .\-]?)\d{{3}}\1\d{{3}}{_END}")
NINE = re.compile(rf"{_START}\d{{3}}([ .\-]?)\d{{3}}\1\d{{3}}{_END}|{_START}\d{{5}}-\d{{4}}{_END}")
QUEBEC = re.compile(r"\b[A-Z]{4}[ \-]?\d{4}[ \-]?\d{4}\b")
# What comes right before a number that is a phone's, a claim's or an account's.
_OF_ANOTHER_KIND = re.compile(
    r"(?:phone|cell\w*|mobile|call|text|tel|fax|reach me|number is|dial|whatsapp|claim|file|wcb|icbc|order|ref\w*"
    r"|invoice|policy|account)\b[\w\s:#.()+']{0,24}$",
    re.IGNORECASE,
)
# Area codes that begin with 9, in Canada and in Alaska.
_AREA_CODES = ("902", "905", "907", "942")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    r"(?:\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})|(?:19|20)\d{6}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[-\s]*(?:of\s+)?{_MONTH},?[-\s]*(?:\d{{4}}|'?\d{{2}})"
    rf"|{_MONTH}[-\s]*\d{{1,2}}(?:st|nd|rd|th)?,?[-\s]*(?:\d{{4}}|'\d{{2}}))(?!\d)"
)
_CALLED_BIRTH_DATE = r"\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s*-?(?:date|day)|b-?day|(?<!re)born)"
# Words between the name of the thing and the date; [A-Z][a-z]+ is a place or a weekday.
_AFTER_BIRTH_DATE = (
    r"\b(?:it['’]?s|it\s+is|that['’]?s|that\s+is|which\s+is|is|was|on|in|the|at|my|would\s+be|[A-Z][a-z]+)\b"
)
BORN = re.compile(
    rf"(?P<label>{_CALLED_BIRTH_DATE}(?:[\s:;=#(,\-–—]|\.(?=\s+(?:it|that)\b)|{_AFTER_BIRTH_DATE}){{0,14}})(?P<number>{_DATE})",
    re.IGNORECASE,
)
BORN_AFTER = re.compile(
    rf"(?P<number>\b{_DATE})(?=[\s,(]*(?:(?:is|was)\s+(?:my\s+)?)?{_CALLED_BIRTH_DATE})", re.IGNORECASE
)


def mask_private_numbers(text: str) -> tuple[str, tuple[MaskedType, ...]]:
    """Return the text with such numbers and dates hidden, and the types of what was hidden."""
    rules: tuple[tuple[MaskedType, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        (MaskedType.BIRTH_DATE, BORN, bool),
        (MaskedType.BIRTH_DATE, BORN_AFTER, bool),
        (MaskedType.HEALTH_NUMBER, LABELLED, bool),
        (MaskedType.HEALTH_NUMBER, BC, _is_bc_number),
        (MaskedType.HEALTH_NUMBER, NINE, _is_not_called_otherwise),
        (MaskedType.HEALTH_NUMBER, QUEBEC, bool),
    )
    found: set[MaskedType] = set()
    for masked_type, pattern, applies in rules:
        pieces, end = [], 0
        for match in filter(applies, pattern.finditer(text)):
            found.add(masked_type)
            pieces += [text[end : match.start()], match.groupdict().get("label", ""), masked_type.mask]
            end = match.end()
        text = "".join([*pieces, text[end:]])
    return text, tuple(sorted(found))


def _is_not_called_otherwise(match: re.Match[str]) -> bool:
    return not _OF_ANOTHER_KIND.search(match.string[: match.start()])


def _is_bc_number(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    is_grouped = bool(match[1])
    return _is_not_called_otherwise(match) and (
        is_grouped or (_has_bc_check_digit(digits) and not digits.startswith(_AREA_CODES))
    )


def _has_bc_check_digit(digits: str) -> bool:
    """Say whether the last of ten digits follows from the others (BC's Client Registry, modulo 11)."""
    weights = (2, 4, 8, 5, 10, 9, 7, 3)
    total = sum(weight * int(digit) % 11 for weight, digit in zip(weights, digits[1:9], strict=True))
    return (11 - total % 11) % 11 == int(digits[9])
