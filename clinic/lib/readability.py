"""How easy a text is to read: the school grade, by the Flesch–Kincaid formula.

Someone aged 13 or 14 reads grade 8 without effort; health information for everyone should not need more.
J. P. Kincaid and others, “Derivation of new readability formulas”, Research Branch Report 8-75, 1975.
"""

import re
from html import unescape

HIGHEST_GRADE = 8.0
_ENDS_OF_PARAGRAPHS = re.compile(r"</(?:p|li|h\d|dd|dt|figcaption|blockquote|summary|td|th)>|<br ?/?>")
_NOT_TEXT = re.compile(r"<(script|style|svg|form|nav|button|table|dl)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_END_OF_SENTENCE = re.compile(r"[.!?]+(?=[\s”\"’)]|$)")
# An “e” that is not spoken: in “hoped”, “makes”, “while” and “movement”, but not in “settled” and “changes”.
_SILENT = re.compile(
    r"(?:(?<![aeiouytdl])|(?<=[aeiouy]l))ed$|(?:(?<![aeiouyl])|(?<=[aeiouy]l))e$"
    r"|(?:(?<![aeiouylszcgxh])|(?<=[aeiouy]l))es$|(?<=[aeiouy][^aeiouyl])e(?=ment|ly$|ful|less|ness)"
)
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels side by side that are two syllables, and “-ism”.
_TWO = re.compile(r"(?<![tscgx])i[ao]|(?<!p)eo(?!u)|ua(?!l)|[iyoe]ing|ism$")


def grade_of(text: str) -> float:
    """Return the grade to one decimal; 0 when there are no words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_END_OF_SENTENCE.findall(text)))
    syllables = sum(map(syllables_of, words))
    return round(0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59, 1)


def syllables_of(word: str) -> int:
    letters = word.lower()
    spoken = len(_VOWELS.findall(letters)) + len(_TWO.findall(letters)) - len(_SILENT.findall(letters))
    return max(1, spoken)


def paragraphs(html: str) -> list[str]:
    """Return the text of each paragraph, list item and heading; of plain text, the lines."""
    parts = _ENDS_OF_PARAGRAPHS.split(_NOT_TEXT.sub("", html)) if "</" in html else html.splitlines()
    texts = (" ".join(unescape(_TAG.sub("", part)).split()) for part in parts)
    return [text for text in texts if text]


def running_text(html: str) -> list[str]:
    """Return the paragraphs that end like a sentence: headings and single words would make any page look easy."""
    return [text for text in paragraphs(html) if text.endswith((".", "!", "?", ":", ".”"))]
