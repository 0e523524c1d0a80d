"""Running text as it is shown: numbers dial, and what belongs together stays in one line.

It changes what stands between the tags of finished HTML, and nothing inside them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from clinic.lib.telephone import phone_address

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# Whole numbers alone: “in 411 people” is nothing to dial.
_NUMBER = re.compile(r"(?<![\w-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])")
_AT = re.compile(r"(?<=\w)@(?=\w)")
_TAG = re.compile(r"(<[^>]*>)")
# “X-ray” is read as one word, and a line that ends in “X-” is stumbled over. Letters and hyphens, at most thirteen
# signs: a longer one may need the break on a phone with large text. No part of an address, and not within a tag, where
# the next angle bracket is the one that ends it.
_HYPHENATED = re.compile(
    r"(?<![\w@./#-])(?=[\w-]{3,13}(?![\w-]))[^\W\d_]+(?:-[^\W\d_]+)+(?![\w@/-]|\.\w)(?=[^<>]*(?:<|\Z))"
)


# The same words are drawn again and again, and change when somebody publishes.
@lru_cache(maxsize=1000)
def running_text(html: str) -> str:
    """Return the HTML with its telephone numbers as links, and no break inside them, addresses and “X-ray”."""
    if not (_NUMBER.search(html) or "@" in html):
        return _whole_words(html)
    pieces = _TAG.split(html)
    in_link = False
    for place, piece in enumerate(pieces):
        if place % 2:
            in_link = piece.startswith(("<a ", "<a>")) or (in_link and piece != "</a>")
            continue
        pieces[place] = _AT.sub("<wbr>@", _NUMBER.sub(_whole if in_link else _dialled, piece))
    return _whole_words("".join(pieces))


@lru_cache(maxsize=1000, typed=True)  # what is marked as safe is another text than the same signs as typed
def whole_words(text: str) -> SafeString:
    """Return the text, escaped, with every word with a hyphen kept in its line.

    By an element around it, not by another sign in it: search, copying and screen readers know the plain hyphen.
    """
    return mark_safe(_whole_words(conditional_escape(text)))  # noqa: S308 - escaped; what is added are our own tags


def _whole_words(html: str) -> str:
    return _HYPHENATED.sub(_whole, html) if "-" in html else html


def email_in_line(address: str) -> SafeString:
    """Return the address, which where it has to breaks before its @."""
    name, _at, domain = address.rpartition("@")
    return format_html("{}<wbr>@{}", name, domain) if name else format_html("{}", address)


def _whole(found: re.Match[str]) -> str:
    return f'<span class="whole">{found[0]}</span>'


def _dialled(found: re.Match[str]) -> str:
    return f'<a class="phone" href="{phone_address(found[0])}">{found[0]}</a>'
