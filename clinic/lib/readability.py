"""How easy a page is to read: the school grade of its running text, by the Flesch–Kincaid formula.

Someone aged 13 or 14 reads grade 8 without effort; health information for everyone should not need more.
"""

from __future__ import annotations

from dataclasses import dataclass

import textstat
from bs4 import BeautifulSoup

HIGHEST_GRADE = 8.0
# Headings, labels, table cells and lists of single words are not sentences, and would make any page look easy.
SENTENCES = ["p", "li", "dd", "figcaption", "blockquote", "summary"]
SKIPPED = ["script", "style", "svg", "form", "nav", "button", "table", "dl"]


@dataclass(frozen=True)
class Reading:
    """The grade, to one decimal, and the number of words that it is based on."""

    grade: float
    words: int

    @property
    def is_easy(self) -> bool:
        return self.grade <= HIGHEST_GRADE


def reading_of(html: str) -> Reading:
    text = "\n".join(running_text(html))
    grade = textstat.textstat.flesch_kincaid_grade(text) if text else 0.0
    return Reading(round(float(grade), 1), len(text.split()))


def running_text(html: str) -> list[str]:
    """Return the paragraphs and list items of `<main>` that end like a sentence."""
    main = BeautifulSoup(html, "html.parser").main
    if main is None:
        return []
    for element in main.find_all(SKIPPED):
        element.decompose()
    # The innermost elements: a list item that contains a paragraph is not counted twice.
    found = [element for element in main.find_all(SENTENCES) if not element.find(SENTENCES)]
    texts = (" ".join(element.get_text().split()) for element in found)
    return [text for text in texts if text.endswith((".", "!", "?", ":", ".”"))]
