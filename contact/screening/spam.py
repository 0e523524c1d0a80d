"""How much an enquiry looks like advertising: a score, and its reasons in words for the desk.

| Sign                                       | weighs     | why no more                                             |
| ------------------------------------------ | ---------- | ------------------------------------------------------- |
| the hidden field was filled in             | 2          | password managers and autofill do that too              |
| the browser did not say where it came from | 1          | 8 in 100 people's browsers do not                       |
| more from one address than usual in a day  | 2          | a camp, a village or a phone network may share one      |
| web links                                  | 1 to 3     | a patient may send a link to a referral or a map        |
| known phrases                              | 2, two: 4  | somebody does work at the casino                        |

It takes 5 (`DeskSettings.spam_line`). What is true of people's circumstances, the first three, reaches that only all
together, with nothing but plain words; a link or a phrase alone never does. However low managers set the line, one sign
alone is never enough, and who was shown the emergency wording and sent the enquiry anyway is a person
(`contact.screening.judgement`). What is over the line is stored all the same, and waits for somebody to look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contact.screening.plain_words import pattern_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

HONEYPOT = 2
HEADERS_MISSING = 1
MANY_FROM_ONE_ADDRESS = 2
MOST_FOR_LINKS = 3
ONE_PHRASE, MORE_PHRASES = 2, 4
FEWEST_SIGNS = 2

LINK = re.compile(r"(?:https?://|(?<![\w@.])www\.)\S", re.IGNORECASE)


@dataclass(frozen=True)
class Sign:
    weight: int
    reason: str


def signs(
    text: str,
    *,
    phrases: Iterable[str] = (),
    honeypot_filled: bool = False,
    headers_missing: bool = False,
    from_this_address: int = 0,
    most_from_one_address: int = 0,
) -> list[Sign]:
    """Return the signs of spam in a text and in how it came.

    `from_this_address` counts what came from the same network address within a day, this one included.
    """
    found = [
        Sign(HONEYPOT, "A field that people cannot see was filled in") if honeypot_filled else None,
        Sign(HEADERS_MISSING, "The browser did not say where the form came from") if headers_missing else None,
        _address(from_this_address, most_from_one_address),
        _links(text),
        _phrases(text, phrases),
    ]
    return [sign for sign in found if sign]


def is_over(found: list[Sign], line: int) -> bool:
    """Say whether these signs reach the line; one sign alone never does."""
    return len(found) >= FEWEST_SIGNS and score(found) >= line


def score(found: list[Sign]) -> int:
    return sum(sign.weight for sign in found)


def _address(count: int, most: int) -> Sign | None:
    if not most or count <= most:
        return None
    return Sign(MANY_FROM_ONE_ADDRESS, f"{count} enquiries from one network address within a day")


def _links(text: str) -> Sign | None:
    count = len(LINK.findall(text))
    return Sign(min(count, MOST_FOR_LINKS), "1 web link" if count == 1 else f"{count} web links") if count else None


def _phrases(text: str, phrases: Iterable[str]) -> Sign | None:
    words = plain(text)
    known = [phrase for phrase in phrases if phrase.strip(" *") and re.search(pattern_of(phrase), words)]
    if not known:
        return None
    weight = ONE_PHRASE if len(known) == 1 else MORE_PHRASES
    return Sign(weight, f"Known from advertising: {', '.join(known)}")
