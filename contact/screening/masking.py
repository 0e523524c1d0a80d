"""Health card numbers and dates of birth, hidden before anything is stored: the form asks for neither.

Hidden are: what is called a health number, whatever its length; a BC personal health number (ten digits that begin with
9, in its 4-3-3 groups or with its check digit); nine digits as on Yukon's and Alberta's cards; Quebec's four letters
and eight digits; and a whole date that is called a birth date. Phone numbers (also Alaska's, which begin with 907),
dates of appointments and of injuries, prices and claim numbers stay: the clinic needs them to answer.
"""

import re
import tomllib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path


class MaskedType(StrEnum):
    """What was hidden; the value is shown in the message, at the desk and on the receipt."""

    HEALTH_NUMBER = "health card number"
    BIRTH_DATE = "date of birth"

    @property
    def mask(self) -> str:
        return f"[{self.value} removed]"


def _read() -> dict[str, re.Pattern[str]]:
    patterns: dict[str, str] = {}
    for name, pattern in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items():
        patterns[name] = "".join(pattern) % patterns
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


PATTERNS = _read()
# Area codes that begin with 9, in Canada and in Alaska.
_AREA_CODES = ("902", "905", "907", "942")


def mask_private_numbers(text: str) -> tuple[str, tuple[MaskedType, ...]]:
    rules: tuple[tuple[MaskedType, str, Callable[[re.Match[str]], bool]], ...] = (
        (MaskedType.BIRTH_DATE, "born", bool),
        (MaskedType.BIRTH_DATE, "born_after", bool),
        (MaskedType.HEALTH_NUMBER, "labelled", bool),
        (MaskedType.HEALTH_NUMBER, "bc", _is_bc_number),
        (MaskedType.HEALTH_NUMBER, "nine", _is_not_called_otherwise),
        (MaskedType.HEALTH_NUMBER, "quebec", bool),
    )
    found: set[MaskedType] = set()
    for masked_type, name, applies in rules:
        pieces, end = [], 0
        for match in filter(applies, PATTERNS[name].finditer(text)):
            found.add(masked_type)
            pieces += [text[end : match.start()], match.groupdict().get("label", ""), masked_type.mask]
            end = match.end()
        text = "".join([*pieces, text[end:]])
    return text, tuple(sorted(found))


def _is_not_called_otherwise(match: re.Match[str]) -> bool:
    return not PATTERNS["called_otherwise"].search(match.string[: match.start()])


def _is_bc_number(match: re.Match[str]) -> bool:
    digits, is_grouped = re.sub(r"\D", "", match[0]), bool(match[1])
    is_ours = is_grouped or (_has_bc_check_digit(digits) and not digits.startswith(_AREA_CODES))
    return is_ours and _is_not_called_otherwise(match)


def _has_bc_check_digit(digits: str) -> bool:
    """Say whether the last of ten digits follows from the others (BC's Client Registry, modulo 11)."""
    weights = (2, 4, 8, 5, 10, 9, 7, 3)
    total = sum(weight * int(digit) % 11 for weight, digit in zip(weights, digits[1:9], strict=True))
    return (11 - total % 11) % 11 == int(digits[9])
