"""The last touch to a page before it is sent and kept: only its own rules of the style sheet, no indentation, and its
lead picture fetched first.

It decides nothing that a reader sees. The same page always comes out as the same bytes, for caches and ETags.
"""

from __future__ import annotations

import re

from clinic.frontend.css_rules import names_in
from clinic.frontend.page_weight import fits_into_first_flight
from clinic.frontend.stylesheet import Stylesheet, stylesheet

# Elements that keep their blanks, comments, and the sheet's own element, so that it is passed over.
_KEPT = re.compile(r"(<!--.*?-->|<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)
# What templates leave between tags and words. Not within a tag, where the next angle bracket is the one that ends it:
# Django escapes those of attributes. (It begins with a letter of its own, so that it is found seven times as fast.)
_INDENTATION = re.compile(r"\n\s+(?![^<>]*>)")
# Of the line that the page cache puts over the last good copy of a page (clinic/page_cache/). It comes when no rule can
# be added any more: the policy names the sheet by its hash.
_ADDED_LATER = frozenset({"div", ".notice", ".wrap"})
_LEAD = 'fetchpriority="high"'
_AVIF = re.compile(r'<source sizes="([^"]*)" srcset="([^"]*)" type="image/avif">')


def squeeze(html: str) -> str:
    """Return the page with each line break and the blanks after it made one line break.

    A browser shows both as one space. What has blanks of its own, such as `<textarea>`, and every tag stay as they are.
    """
    pieces = _KEPT.split(html)
    pieces[0::3] = [_INDENTATION.sub("\n", words) for words in pieces[0::3]]
    del pieces[2::3]  # the names of the elements between
    return "".join(pieces)


def preload(html: str) -> str:
    """Return the element that fetches the lead picture before the browser has come to it; empty where there is none.

    Made of the picture's own first source, so that both name the same file. A browser that does not know the type
    leaves it, and takes another source later.
    """
    lead = html.find(_LEAD)
    found = _AVIF.search(html, html.rfind("<picture", 0, lead), lead) if lead != -1 else None
    if found is None:
        return ""
    sizes, srcset = found.groups()
    return f'<link rel="preload" as="image" type="image/avif" imagesrcset="{srcset}" imagesizes="{sizes}" {_LEAD}>\n'


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
    before += preload(first_view)
    names = names_in(before + first_view) | _ADDED_LATER
    own = whole.for_names(names | names_in(below))
    page = f"{before}{own.element}{first_view}{below}"
    if link and not fits_into_first_flight(page):
        own = whole.for_names(names)
        page = f"{before}{own.element}{first_view}{link}{below}"
    return page, own
