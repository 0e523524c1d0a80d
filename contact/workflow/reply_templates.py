"""Ready-made replies, filled in for one enquiry, and what of the patient's words a reply would repeat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Filled in by one pass over the words, and by nothing but these names: no attribute, no index, no format code,
# and what is put in is never looked at again.
KNOWN = ("name", "reference", "clinic", "phone", "me")
PLACEHOLDER = re.compile(rf"\{{({'|'.join(KNOWN)})\}}")
# So many of the patient's words in a row are a quotation.
WORDS_IN_A_ROW = 5


def fill_in(body: str, values: Mapping[str, str]) -> str:
    """Return the text with `{name}`, `{reference}`, `{clinic}`, `{phone}` and `{me}` filled in; other braces stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)


def unknown_placeholders(body: str) -> list[str]:
    """Return what looks like a placeholder and would go out to a patient with its braces, such as `{nmae}`."""
    return list(dict.fromkeys(re.findall(r"\{[^{}]*\}", PLACEHOLDER.sub("", body))))


def repeats(text: str, message: str) -> bool:
    """Say whether the text holds five words in a row of what the patient wrote."""
    told, words = _words(text), _words(message)
    rows = {tuple(words[start : start + WORDS_IN_A_ROW]) for start in range(len(words) - WORDS_IN_A_ROW + 1)}
    return any(tuple(told[start : start + WORDS_IN_A_ROW]) in rows for start in range(len(told)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
