"""What an enquiry is found by: words of the name, the e-mail address, and the number from each place people know it by.

Looking for any part of any name reads every row; looking for the beginning of a word is one step in an index.
"""

from __future__ import annotations

import re
import unicodedata

from clinic.lib.telephone import LOCAL_LENGTH, digits_of, normalised, without_exit_code

LONGEST_WORD = 100
FEWEST_DIGITS = 3
MOST_TERMS = 5
# Letters that Unicode does not take apart into one of ours and an accent.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "\0": None})


def words_of(name: str, email: str, phone: str) -> set[str]:
    """Return each word of a name, the address, and a number's whole, dialled, local and last four digits."""
    digits = digits_of(phone)
    words = {*_split(name), folded(email), digits, digits_of(normalised(phone)), digits[-7:], digits[-4:]}
    return {word[:LONGEST_WORD] for word in words if word}


def terms_of(typed: str) -> list[str]:
    """Return what was typed as beginnings of such words, the longest first; all of them must be found."""
    digits = digits_of(typed.strip().removeprefix("+1"))
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]|@", typed):
        # Three or four digits may be the last of a number: only a whole one begins with the way out of a country.
        return [without_exit_code(digits) if len(digits) >= LOCAL_LENGTH else digits]
    terms = {term for part in typed.split() for term in ([folded(part)] if "@" in part else _split(part))}
    return sorted((term[:LONGEST_WORD] for term in terms), key=len, reverse=True)[:MOST_TERMS]


def folded(text: str) -> str:
    """Return it in small letters and without accents: Gagné is found by “gagne”, Łukasz by “lukasz”."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text).replace("'", "").replace("’", ""))
