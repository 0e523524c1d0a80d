"""What an enquiry is found by: words of the name, the e-mail address, and the number from each place people know it by.

Looking for any part of any name reads every row; looking for the beginning of a word is one step in an index.
"""

from __future__ import annotations

import re
import unicodedata

from clinic.telephone import digits_of

LONGEST_WORD = 100
FEWEST_DIGITS = 3
MOST_TERMS = 5


def words_of(name: str, email: str, phone: str) -> set[str]:
    """Return each word of a name, the address, and a number's whole, local and last four digits."""
    digits = digits_of(phone)
    words = {*_split(name), folded(email), digits, digits[-7:], digits[-4:]}
    return {word[:LONGEST_WORD] for word in words if word}


def terms_of(typed: str) -> list[str]:
    """Return what was typed as beginnings of such words, the longest first; all of them must be found."""
    digits = digits_of(typed.strip().removeprefix("+1"))
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]|@", typed):
        return [digits]
    terms = {term for part in typed.split() for term in ([folded(part)] if "@" in part else _split(part))}
    return sorted((term[:LONGEST_WORD] for term in terms), key=len, reverse=True)[:MOST_TERMS]


def folded(text: str) -> str:
    """Return it in small letters and without accents: Gagné is found by “gagne”."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter) and letter != "\0")


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text).replace("'", "").replace("’", ""))
