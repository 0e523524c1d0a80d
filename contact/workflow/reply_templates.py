"""Fill in reply templates, and find out whether a reply quotes the patient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Filled in by one substitution of these names only, never by `str.format`: no attribute, index or format code works,
# and a value that contains a placeholder is not filled in again.
KNOWN = ("name", "reference", "clinic", "phone", "me")
PLACEHOLDER = re.compile(rf"\{{({'|'.join(KNOWN)})\}}")
# This many of the patient's words in a row are a quotation.
WORDS_IN_A_ROW = 5


def fill_in(body: str, values: Mapping[str, str]) -> str:
    """Return the text with `{name}`, `{reference}`, `{clinic}`, `{phone}` and `{me}` filled in; other braces stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)


def unknown_placeholders(body: str) -> list[str]:
    """Return what looks like a placeholder but is not one, such as `{nmae}`."""
    return list(dict.fromkeys(re.findall(r"\{[^{}]*\}", PLACEHOLDER.sub("", body))))


def repeats(text: str, message: str) -> bool:
    """Return whether the text contains five words in a row of what the patient wrote."""
    written, words = _words(text), _words(message)
    rows = {tuple(words[start : start + WORDS_IN_A_ROW]) for start in range(len(words) - WORDS_IN_A_ROW + 1)}
    return any(tuple(written[start : start + WORDS_IN_A_ROW]) in rows for start in range(len(written)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
