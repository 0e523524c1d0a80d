"""Words as the search compares them: without capitals, accents and endings, and by their sound."""

import re
from functools import lru_cache

from clinic.lib.characters import ELISION, HYPHENS, folded

_WORD = re.compile(r"[^\W_]+")
_HYPHENS = re.compile(f"[{HYPHENS}–]")
_INITIALS = re.compile(r"\b[^\W\d_](?:\.[^\W\d_]\b)+\.?")
_STEM = 3  # letters that an ending leaves at least
_SOUNDS = [
    ("^w(?=r)|^[kg](?=n)|^p(?=[sn])", ""), ("ph", "f"), ("sc(?=[eiy])", "s"), ("ck|ch|c(?![eiy])|qu?", "k"),
    ("^x|z", "s"), ("y|ee|ea|ie", "i"), ("ou|oo", "u"), ("(?<=[rtg])h", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the folded words: “can’t” as `cant`, “I.M.S.” as `ims`, “l’épaule” as `epaule`, “X-ray” as two."""
    plain = folded(ELISION.sub("", _HYPHENS.sub(" ", text)))
    return _WORD.findall(_INITIALS.sub(lambda found: found[0].replace(".", ""), plain))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the forms of an English word have in common: `needl` for needle, needles and needling."""
    if len(word) <= _STEM or not word.isascii():
        return word
    word = re.sub(r"(?<=\w\w)ies$", "y", word)
    word = re.sub(r"(?<=\wss|\wsh|\wch|\w\wx|\w\wz)es$|(?<=[^isu])s$|(?<=\w\w\w)ness$", "", word)
    rest = re.sub(r"ing$|(?<!e)ed$", "", word)
    if rest != word and len(rest) >= _STEM and re.search("[aeiouy]", rest):
        # “run” for “running”, and “hike” for “hiking”: short words do not lose their last letter.
        single = re.sub(r"([bdgmnprt])\1$", r"\1", rest)
        word = f"{rest}e" if re.fullmatch("[^aeiou][aeiou][^aeiouwxy]", rest) else single
    if len(word) > _STEM + 1:
        word = re.sub(r"y$", "i", re.sub(r"e$", "", word))
    return word


def stems_of(text: str) -> str:
    """Return the stems with a blank before and after each, so that a phrase is found as part of the text."""
    return f" {' '.join(map(stem, words_of(text)))} "


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return about how the word sounds: the same for “physio” and “fysio”."""
    for pattern, letters in _SOUNDS:
        word = re.sub(pattern, letters, word)
    return word
