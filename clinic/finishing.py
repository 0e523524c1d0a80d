"""The last touch to a page before it is sent and kept: only its own rules of the style sheet, and no indentation.

It decides nothing that a reader sees. The same page always comes out as the same bytes, for caches and ETags.
"""

from __future__ import annotations

import re

from clinic.page_weight import FIRST_FLIGHT_BYTES, on_the_wire
from clinic.stylesheet import Stylesheet, stylesheet

# What keeps its blanks (and the sheet's element, so that it is passed over), a tag with its attributes, or the
# line break with the indentation around it that templates leave between tags and words.
_PIECES = re.compile(
    r"""(?P<kept><!--.*?-->|<(?P<name>pre|textarea|script|style)\b.*?</(?P=name)>|<(?:[^"'<>]|"[^"]*"|'[^']*')*>)"""
    r"""|[ \t]*\n\s*""",
    re.DOTALL,
)


def squeeze(html: str) -> str:
    """Return the page with each run of blanks that holds a line break made one line break.

    A browser shows both as one space. What has blanks of its own, such as `<textarea>`, and every tag stay as they are.
    """
    return _PIECES.sub(lambda piece: piece["kept"] or "\n", html)


def finish(html: str) -> tuple[str, Stylesheet]:
    """Return the page as it is sent, and the sheet that stands in it.

    Where a long page says `{% later_stylesheet %}`, below its first view, the rules for what comes then are left to a
    linked file, unless the page with all its rules fits into the first flight. A page without the clinic's sheet, or
    with another version of it, is squeezed and otherwise left alone.
    """
    whole = stylesheet()
    before, element, after = html.partition(whole.element)
    if not element:
        return squeeze(html), whole
    before, after = squeeze(before), squeeze(after)
    first_view, link, below = after.partition(whole.link)
    own = whole.for_page(before + after)
    page = f"{before}{own.element}{first_view}{below}"
    if link and on_the_wire(page) > FIRST_FLIGHT_BYTES:
        own = whole.for_page(before + first_view)
        page = f"{before}{own.element}{after}"
    return page, own
