"""Typing errors in e-mail domains: what was probably meant. The address itself is kept as it was typed."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DOMAINS = tomllib.loads(Path(__file__).with_name("email_domains.toml").read_text(encoding="utf-8"))
KNOWN_DOMAINS: list[str] = _DOMAINS["known"]
NEIGHBOURS = frozenset(_DOMAINS["similar"])
_WRONG_ENDINGS: dict[str, str] = _DOMAINS["endings"]
_SPECIAL_CASES = {"icould.com": "icloud.com"}
# So many letters of a name may be wrong: one, and in a long name two.
_LONG_NAME = 8


def suggested_domain(email: str) -> str:
    """Return the well-known domain that was probably meant, or nothing when the typed one may well be right."""
    typed = email.rpartition("@")[2].strip().casefold()
    if not typed or typed in KNOWN_DOMAINS or typed in NEIGHBOURS:
        return ""
    corrected = _with_corrected_ending(typed)
    return next((known for known in KNOWN_DOMAINS if known == corrected), "") or _nearest(corrected)


def suggested_address(email: str) -> str:
    """Return the address with the domain that was probably meant, or nothing."""
    domain = suggested_domain(email)
    return f"{email.rpartition('@')[0].strip()}@{domain}" if domain else ""


def _with_corrected_ending(domain: str) -> str:
    """Return the domain with a corrected ending: `gmail.con`, `gmail,com`, `gmailcom`, `gmail..com`, `gmail`."""
    parts = [part for part in domain.replace(",", ".").split(".") if part]
    if len(parts) == 1:
        whole = parts[0]
        together = (known for known in KNOWN_DOMAINS if whole in {known.replace(".", ""), known.partition(".")[0]})
        return next(together, whole)
    corrected = ".".join([*parts[:-1], _WRONG_ENDINGS.get(parts[-1], parts[-1])])
    return _SPECIAL_CASES.get(corrected, corrected)


def _nearest(domain: str) -> str:
    """Return the known domain that this one is a typing error of; its ending must be the same."""
    name, _, ending = domain.partition(".")
    for known in KNOWN_DOMAINS:
        known_name, _, known_ending = known.partition(".")
        most = 2 if len(known_name) >= _LONG_NAME else 1
        short = len(known_name) < 5  # noqa: PLR2004  of `me`, `msn`, `live` or `shaw` everything is a neighbour
        if ending == known_ending and not short and _distance(name, known_name) <= most:
            return known
    return ""


def _distance(left: str, right: str) -> int:
    """Return how many letters are wrong, missing, too many or swapped with the next one (Damerau-Levenshtein)."""
    rows = [list(range(len(right) + 1))]
    for i, sign in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == right[j - 2] and left[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
