"""How easy a page reads: the school grade of its running text, by Flesch and Kincaid's formula.

Grade 8 is what somebody of 13 or 14 reads without effort; health information for everybody should not ask for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import textstat

HIGHEST_GRADE = 8.0
# Headings, labels, table cells and lists of single words are no sentences: counted, they would make any page look easy.
SENTENCES = {"p", "li", "dd", "figcaption", "blockquote", "summary"}
SILENT = {"script", "style", "svg", "form", "nav", "button", "table", "dl"}


@dataclass(frozen=True)
class Reading:
    """The grade, to one decimal, and the number of words that it was measured on."""

    grade: float
    words: int

    @property
    def is_easy(self) -> bool:
        return self.grade <= HIGHEST_GRADE


def reading_of(html: str) -> Reading:
    """Measure what a reader finds in the page's `<main>`."""
    text = "\n".join(running_text(html))
    grade = textstat.textstat.flesch_kincaid_grade(text) if text else 0.0
    return Reading(round(float(grade), 1), len(text.split()))


def running_text(html: str) -> list[str]:
    """Return the paragraphs and list items of `<main>` that end as a sentence does."""
    reader = _Reader()
    reader.feed(html)
    return [line for line in reader.lines() if line.endswith((".", "!", "?", ":", ".”"))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._in_main = False
        self._open: list[str] = []

    def lines(self) -> list[str]:
        return [" ".join(text.split()) for text in self._found]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._in_main = True
        if tag in SILENT | SENTENCES:
            self._open.append(tag)
            self._found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            self._found.append("")

    def handle_data(self, data: str) -> None:
        if self._in_main and self._open and not SILENT.intersection(self._open):
            self._found[-1] += data
