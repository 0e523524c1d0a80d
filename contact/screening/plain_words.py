"""Text as it is compared: how it was typed, on which keyboard and with which accents, does not matter."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
# Between words that belong together, and between thoughts.
_HYPHENS = re.compile("[-‐‑_]+")
_BREAKS = re.compile(r"\s+[-‐‑–—]+\s+|[–—]+")
_BLANKS = re.compile(r"[^\S\n]+")


def plain(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes (“can’t” is “cant”), hyphens as blanks.

    Ends of sentences stay, and a dash between thoughts is one.
    """
    # Apostrophes first: decomposed, one typed as an accent is a blank.
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    letters = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
    words = _HYPHENS.sub(" ", _BREAKS.sub("; ", letters))
    return _BLANKS.sub(" ", words).casefold().strip()


def pattern_of(phrase: str) -> str:
    """Return the regular expression of a phrase: whole words, `*` for any ending, any blanks between the words."""
    words = [re.escape(word.strip(".,;:!?")).replace(r"\*", r"\w*") for word in plain(phrase).split()]
    return r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"
