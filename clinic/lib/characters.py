"""Characters that people do not mean to type, and the form in which texts are compared.

Invisible characters come with text copied from web pages, chats and PDF files. Names and messages need some of them,
such as the joiners in emoji and in Persian; e-mail addresses and phone numbers need none.
"""

import re
import unicodedata

# Unicode's format characters, and others that are not visible:
# https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, and the empty Braille pattern.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Characters that reverse the direction of the text that follows them, such as the rest of a row in a list.
_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
# As they stand between the brackets of a pattern: apostrophes, whatever a keyboard makes of them, and hyphens.
APOSTROPHES = "'’‘‛ʼʻʹʽꞌ`´′＇"
HYPHENS = r"\-‐‑‒"
# The “l” of “l’épaule”, with its apostrophe.
ELISION = re.compile(rf"\b([cdjlmnst]|qu)[{APOSTROPHES}](?=\w\w)", re.IGNORECASE)
_LEFT_OUT = re.compile(f"[{APOSTROPHES}{HYPHENS}–]")
# Letters that Unicode does not decompose into a plain letter and an accent.
_PLAIN = str.maketrans("łøđðıħŧŋ", "loddihtn") | str.maketrans({"þ": "th", "æ": "ae", "œ": "oe"})


def clean_text(typed: str) -> str:
    """Return the text with one kind of line end, and without control characters and direction overrides."""
    text = _DIRECTION_OVERRIDES.sub("", _LINE_ENDS.sub("\n", typed))
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


def clean_line(typed: str) -> str:
    """Return one line of plain characters, for addresses and numbers: nothing invisible, nothing full-width."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", typed)))
    return " ".join("".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text).split())


def folded(text: str) -> str:
    """Return the text as it is compared: lower case, no accents, apostrophes or hyphens; “Gagné” becomes “gagne”."""
    plain = without_accents(_LEFT_OUT.sub("", text).casefold().translate(_PLAIN))
    return " ".join(_LEFT_OUT.sub("", plain).replace("\0", "").split())


def without_accents(text: str) -> str:
    """Return the text in plain letters, without accents and invisible characters."""
    letters = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _INVISIBLE.sub("", "".join(letters))
