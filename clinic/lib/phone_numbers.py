"""Phone numbers as they are dialled, in E.164 (https://www.itu.int/rec/T-REC-E.164), beside what was typed."""

from __future__ import annotations

import re

from clinic.lib.telephone import all_digits

# Seven digits are a number in Yukon.
HOME = "867"
LOCAL_LENGTH = 7
# Area code and exchange begin with 2 to 9, and neither is a service like 911 (https://www.nanpa.com/).
_NORTH_AMERICAN = re.compile(r"(?!.11)[2-9]\d{2}(?!.11)[2-9]\d{6}")
_ABROAD = re.compile(r"[2-9]\d{7,14}")
# Iridium, Globalstar and Thuraya: people type them without the “+” too.
_SATELLITE = re.compile(r"88(?:1[6-9]\d{8}|216\d{8})")
# At the beginning alone: 867-301-1234 and 403-700-1234 hold the same digits further on.
_DIALLED_ABROAD = re.compile(r"\A(?:011|00)(?=[1-9])")


def normalised(typed: str) -> str:
    """Return the number as `+18675550142`, or nothing when it makes no sense as one."""
    # As in +44 (0)20 7946 0958: not dialled from abroad.
    digits = all_digits(typed.replace("(0)", ""))
    is_international = typed.lstrip(" (").startswith("+") or bool(_DIALLED_ABROAD.match(digits))
    digits = without_exit_code(digits)
    if _SATELLITE.fullmatch(digits) or (is_international and _ABROAD.fullmatch(digits)):
        return f"+{digits}"
    if len(digits) == LOCAL_LENGTH and not is_international:
        digits = HOME + digits
    if is_international and not digits.startswith("1"):
        return ""
    digits = digits.removeprefix("1")
    return f"+1{digits}" if _NORTH_AMERICAN.fullmatch(digits) else ""


def without_exit_code(digits: str) -> str:
    """Return the digits without the 011 or 00 that leads out of a country: 44… for 01144… and 0044…"""
    return _DIALLED_ABROAD.sub("", digits)


def is_odd(typed: str) -> bool:
    """Say whether something was typed that cannot be dialled."""
    return bool(typed.strip()) and not normalised(typed)
