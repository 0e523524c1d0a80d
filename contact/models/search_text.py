"""The text that the desk searches: an enquiry's name, e-mail address, phone number and reference, folded."""

from __future__ import annotations

import re
import unicodedata

from clinic.lib.telephone import LOCAL_LENGTH, digits_of, normalised, without_exit_code

FEWEST_DIGITS = 3
# Letters that Unicode does not decompose into a plain letter and an accent, and characters that people leave out.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
LEFT_OUT = str.maketrans(dict.fromkeys("'’-\0"))


def search_text(name: str, email: str, phone: str, reference: str) -> str:
    """Return what is stored in `Enquiry.search_text`; a number appears as it was typed and as it is dialled."""
    numbers = dict.fromkeys((digits_of(phone), digits_of(normalised(phone))))
    return " ".join(filter(None, (folded(name), folded(email), *numbers, folded(reference))))


def search_terms(typed: str) -> str:
    """Return what somebody typed as it appears in `search_text`: words, or the digits of one phone number."""
    digits = digits_of(typed.strip().removeprefix("+1"))
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]|@", typed):
        # Three or four digits may be the end of a number; only a whole one can begin with an exit code.
        return without_exit_code(digits) if len(digits) >= LOCAL_LENGTH else digits
    return folded(typed)


def folded(text: str) -> str:
    """Return the text in lower case, without accents, apostrophes and hyphens: “Gagné” becomes “gagne”."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN).translate(LEFT_OUT))
    return "".join(character for character in decomposed if not unicodedata.combining(character)).strip()
