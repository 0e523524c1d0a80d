"""Words with a hyphen stay in one line: “X-ray” is read as one word, and a line that ends in “X-” is stumbled over.

By an element around them, not by another sign in their place: search, copying and screen readers know the plain hyphen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# Letters and hyphens, at most thirteen signs: a longer one may need the break on a phone with large text. No part of an
# address, and not within a tag, where the next angle bracket is the one that ends it.
HYPHENATED = re.compile(
    r"(?<![\w@./#-])(?=[\w-]{3,13}(?![\w-]))[^\W\d_]+(?:-[^\W\d_]+)+(?![\w@/-]|\.\w)(?=[^<>]*(?:<|\Z))"
)


def whole_words(text: str) -> SafeString:
    """Return the text, escaped, with every such word kept in its line."""
    return mark_safe(whole_words_in(conditional_escape(text)))  # noqa: S308 - escaped; what is added are our own tags


def whole_words_in(html: str) -> str:
    """Do the same with text that is HTML already."""
    return HYPHENATED.sub(r'<span class="whole">\g<0></span>', html) if "-" in html else html
