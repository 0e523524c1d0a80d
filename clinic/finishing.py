"""The last touch to a page before it is sent and kept: only its own rules of the style sheet, and no indentation.

It decides nothing that a reader sees. The same page always comes out as the same bytes, for caches and ETags.
"""

from __future__ import annotations

import re

from clinic.css_rules import names_in
from clinic.page_weight import fits_into_first_flight
from clinic.stylesheet import Stylesheet, stylesheet

# Elements that keep their blanks, comments, and the sheet's own element, so that it is passed over.
_KEPT = re.compile(r"(<!--.*?-->|<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
# What templates leave between tags and words. Not within a tag, where the next angle bracket is the one that ends it:
# Django escapes those of attributes. (It begins with a letter of its own, so that it is found seven times as fast.)
_INDENTATION = re.compile(r"\n\s+(?![^<>]*>)")


def squeeze(html: str) -> str:
    """Return the page with each line break and the blanks after it made one line break.

    A browser shows both as one space. What has blanks of its own, such as `<textarea>`, and every tag stay as they are.
    """
    pieces = _KEPT.split(html)
    pieces[0::3] = [_INDENTATION.sub("\n", words) for words in pieces[0::3]]
    del pieces[2::3]  # the names of the elements between
    return "".join(pieces)


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
    first_view, link, below = after.partition(whole.link)
    before, first_view, below = squeeze(before), squeeze(first_view), squeeze(below)
    names = names_in(before + first_view)
    own = whole.for_names(names | names_in(below))
    page = f"{before}{own.element}{first_view}{below}"
    if link and not fits_into_first_flight(page):
        own = whole.for_names(names)
        page = f"{before}{own.element}{first_view}{link}{below}"
    return page, own
