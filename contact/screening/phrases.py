"""Text as it is compared: how it was typed, on which keyboard and with which accents, does not matter."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
# Between words that belong together, and between thoughts.
_HYPHENS = re.compile("[-‐‑_]+")
_BREAKS = re.compile(r"\s[-‐‑–—]+\s|[–—]+")
_RUNS_OF_BLANKS = re.compile(r"\s+")
_RUNS_OF_BREAKS = re.compile(r";(?: ?;)+")
# Not being able to is one thing, however it is said: “can not even”, “couldn't”, “unable to”, “can no longer”.
_CANNOT = re.compile(
    r"\b(?:(?:can|could)[ \n]?not|cant|couldnt|(?:can|could) (?:barely|hardly|scarcely|no longer)"
    r"|(?:am |is |are |was |were |been )?(?:not able|unable) to)\b"
    r"(?: (?:even|really|properly|fully|quite|always|seem to|barely|hardly|any more|anymore))*"
)
# So many words may stand where a phrase has “...”.
_MOST_BETWEEN = 6
_BLANKS = r"[^\w.,!?;:\n]+"
_WORD = r"(?!(?:no|without)\b)\w+"


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

    `*` stands for any ending, `...` for up to six words of the same thought, none of them a denial.
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
