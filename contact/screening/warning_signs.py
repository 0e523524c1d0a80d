"""Warning signs: words for something that may not be able to wait for an answer by mail.

Each sign has phrases, one per line, as managers write them at the desk:

- `short of breath` matches these words in this order; case, apostrophes, accents and spaces do not matter, and
  “can't” is also “cannot”, “could not” and “unable to”;
- `numb*` matches any ending: numb, numbness;
- `pain* ... chest` has up to six words between, with no comma or full stop: pain in the left side of my chest;
- `fever + back` needs both, anywhere in the message and in any order.

A missed sign may do harm, and a false alarm costs the patient one more press of a button. So every mention counts,
including “my father had a stroke”. The one exception is a plain denial. “No chest pain.” is not found: the denying word
comes directly before the phrase, and nothing follows the phrase in its sentence but a list (“no chest pain or
numbness”). “No chest pain until yesterday”, “no chest pain at rest” and “no, chest pain!” are found.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from clinic.backends.connection import retry_on_lost_connection
from clinic.lib.logs import log_failure
from contact.models import RedFlag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Used if the clinic's own list cannot be read: each sign's name and its phrases.
DEFAULT_WARNING_SIGNS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("default_signs.toml").read_text(encoding="utf-8")
)

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
# Between words that belong together, and between thoughts.
_HYPHENS = re.compile("[-‐‑_]+")
_BREAKS = re.compile(r"\s[-‐‑–—]+\s|[–—]+")
_RUNS_OF_BLANKS = re.compile(r"\s+")
_RUNS_OF_BREAKS = re.compile(r";(?: ?;)+")
# Different ways of saying “cannot” are treated as one: “can not even”, “couldn't”, “unable to”, “can no longer”.
_CANNOT = re.compile(
    r"\b(?:(?:can|could)[ \n]?not|cant|couldnt|(?:can|could) (?:barely|hardly|scarcely|no longer)"
    r"|(?:am |is |are |was |were |been )?(?:not able|unable) to)\b"
    r"(?: (?:even|really|properly|fully|quite|always|seem to|barely|hardly|any more|anymore))*"
)
# The most words between two parts of a phrase joined by “...”.
_MOST_BETWEEN = 6
_BLANKS = r"[^\w.,!?;:\n]+"
_WORD = r"(?!(?:no|without)\b)\w+"

# “Never” and “not” are not among them: “never had chest pain like this”, “not only chest pain”.
_DENIED = re.compile(
    r"(?<!\w)(?:no|without|(?:do|does|did) not have|(?:dont|doesnt|didnt) have|deny|denies)(?: any| signs? of)? $"
)
_NOTHING_MORE = re.compile(r"\s*(?:$|[,)]|(?:or|nor|and)\s)")
# After one of these words a sentence may say the opposite of its beginning.
_TURNS = re.compile(
    r"(?<!\w)(?:but|until|till|before|now|when|while|except|unless|yet|then|since|today|start\w*)(?!\w)"
)
_END_OF_SENTENCE = re.compile(r"[.!?;:\n]")


def find_warning_signs(text: str) -> tuple[str, ...]:
    """Return the names of the managers' warning signs that the text mentions."""
    return signs_in(text, warning_signs())


def warning_signs() -> Mapping[str, Iterable[str]]:
    """Return each sign that is in use with its phrases. Never fails: a patient in need must see the wording.

    Without a single row the table was never filled, or was lost; managers who want no signs take each out of use.
    """
    try:
        rows = retry_on_lost_connection(lambda: list(RedFlag.objects.all()))
    except DatabaseError as error:
        log_failure("The warning signs could not be read, the built-in ones are used", error)
        return DEFAULT_WARNING_SIGNS
    return {sign.name: sign.phrases for sign in rows if sign.is_active} if rows else DEFAULT_WARNING_SIGNS


def signs_in(text: str, signs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the names of the signs (name → phrases) that the text mentions, in the order of `signs`."""
    words = normalise(text)
    return tuple(name for name, phrases in signs.items() if any(_mentions(words, phrase) for phrase in phrases))


def _mentions(words: str, phrase: str) -> bool:
    parts = [part for part in phrase.split("+") if part.strip(" *")]
    return bool(parts) and all(_contains(words, part) for part in parts)


def _contains(words: str, part: str) -> bool:
    return any(not _is_denied(words, match) for match in _pattern(part).finditer(words))


@lru_cache(maxsize=1000)
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(phrase_pattern(part))


def _is_denied(words: str, match: re.Match[str]) -> bool:
    before = _END_OF_SENTENCE.split(words[: match.start()])[-1]
    after = _END_OF_SENTENCE.split(words[match.end() :])[0]
    denied, nothing_more = _DENIED.search(before), _NOTHING_MORE.match(after)
    return bool(denied and nothing_more) and not _TURNS.search(before + after)


def normalise(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes, hyphens as blanks, one blank where were many.

    “Can’t”, “cannot”, “could not even” and “unable to” are all “cant”. Ends of sentences stay, and a dash between
    thoughts is one.
    """
    # Apostrophes first: decomposed, one typed as an accent is a blank.
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    letters = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
    # Runs first, so that nothing below goes over one again from each of its places.
    words = _HYPHENS.sub(" ", _BREAKS.sub("; ", _without_runs(letters)))
    words = _RUNS_OF_BREAKS.sub(";", _without_runs(words))
    return _CANNOT.sub("cant", words.casefold()).strip()


def phrase_pattern(phrase: str) -> str:
    """Return the regular expression of a phrase: whole words, any blanks between them.

    `*` matches any ending, `...` up to six words of the same sentence part, none of them a denial.
    """
    pieces = [_words(piece) for piece in re.split(r"\.{3,}|…", phrase)]
    between = rf"(?:{_BLANKS}{_WORD}){{0,{_MOST_BETWEEN}}}{_BLANKS}"
    return r"(?<!\w)" + between.join(piece for piece in pieces if piece) + r"(?!\w)"


def _words(piece: str) -> str:
    words = (re.escape(word.strip(".,;:!?")).replace(r"\*", r"\w*") for word in normalise(piece).split())
    return r"\s+".join(words)


def _without_runs(text: str) -> str:
    """Return it with one blank, or one end of a line, where several were."""
    return _RUNS_OF_BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
