"""Warning signs: words that may stand for something that cannot wait for an answer by mail.

Each sign has its words, one phrase to a line, as managers write them at the desk:

- `short of breath` stands for these words in this order; case, apostrophes, accents and blanks do not matter, and
  “can't” is also “cannot”, “could not” and “unable to”;
- `numb*` stands for any ending: numb, numbness;
- `pain* ... chest` has up to six words between, with no comma or full stop: pain in the left side of my chest;
- `fever + back` needs both, anywhere in the message and in any order.

A sign that is missed costs much, and a false one costs the patient one more press of a button: every mention counts,
“my father had a stroke” too. The one exception is a plain denial. “No chest pain.” is not found: the denying word
stands directly before the phrase, and nothing follows the phrase in its sentence but a list (“no chest pain or
numbness”). “No chest pain until yesterday”, “no chest pain at rest” and “no, chest pain!” are found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from contact.screening.plain_words import pattern_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# “Never” and “not” are not among them: “never had chest pain like this”, “not only chest pain”.
_DENIED = re.compile(
    r"(?<!\w)(?:no|without|(?:do|does|did) not have|(?:dont|doesnt|didnt) have|deny|denies)(?: any| signs? of)? $"
)
_NOTHING_MORE = re.compile(r"\s*(?:$|[,)]|(?:or|nor|and)\s)")
# A sentence that turns says something else than its beginning.
_TURNS = re.compile(
    r"(?<!\w)(?:but|until|till|before|now|when|while|except|unless|yet|then|since|today|start\w*)(?!\w)"
)
_END_OF_SENTENCE = re.compile(r"[.!?;:\n]")


def found_in(text: str, signs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the names of the signs (name → phrases) that the text speaks of, in the order of `signs`."""
    words = plain(text)
    return tuple(name for name, phrases in signs.items() if any(_speaks_of(words, phrase) for phrase in phrases))


def _speaks_of(words: str, phrase: str) -> bool:
    parts = [part for part in phrase.split("+") if part.strip(" *")]
    return bool(parts) and all(_says(words, part) for part in parts)


def _says(words: str, part: str) -> bool:
    return any(not _is_denied(words, match) for match in _pattern(part).finditer(words))


@lru_cache(maxsize=1000)
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(pattern_of(part))


def _is_denied(words: str, match: re.Match[str]) -> bool:
    before = _END_OF_SENTENCE.split(words[: match.start()])[-1]
    after = _END_OF_SENTENCE.split(words[match.end() :])[0]
    denied, nothing_more = _DENIED.search(before), _NOTHING_MORE.match(after)
    return bool(denied and nothing_more) and not _TURNS.search(before + after)
