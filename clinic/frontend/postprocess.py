"""Postprocessing of HTML: only the CSS rules that the page uses, and no indentation.

Nothing visible changes. The same input always gives the same bytes, for caches and ETags.
"""

import re

import brotli

from clinic.frontend.stylesheet import Stylesheet, names_in, stylesheet

# A server's first flight is ten packets (RFC 6928): what fits into it arrives after a single round trip, even over a
# satellite. The first view with its styles has to fit.
FIRST_FLIGHT_BYTES = 14_336
PICTURES_IN_FIRST_VIEW_BYTES = 60 * 1024
# Brotli quality: 0.6 ms for a long page, and a quarter more bytes than cached pages have (clinic/page_cache/).
QUALITY, BEST = 2, 11
# A page becomes a third or a quarter of its size, and never less than a fifth.
MOST_TIMES = 5
# Line breaks and indentation before a tag. Those in the text of a `<textarea>` stay: there `<` is written `&lt;`.
_INDENTATION = re.compile(r"\n\s+(?=<(?!/textarea))")
# Names in the line that the page cache adds to a stale page (clinic/page_cache/). No rule can be added then: the policy
# allows the sheet by its hash.
_ADDED_LATER = frozenset({"div", ".message", ".wrap"})


def on_the_wire(html: str, quality: int = QUALITY) -> int:
    """Return the compressed size of the page in bytes, possibly a little too high."""
    return len(brotli.compress(html.encode(), quality=quality))


def squeeze(html: str) -> str:
    """Return the HTML with one line break in place of each indentation, which browsers show the same."""
    return _INDENTATION.sub("\n", html)


def postprocess(html: str) -> tuple[str, Stylesheet]:
    """Return the page to send, and the style sheet in it.

    On a long page with `{% later_stylesheet %}` below the first view, the rules for the rest go into a linked file,
    unless the page with all of its rules fits into the first flight. A page without the current sheet only loses its
    indentation.
    """
    whole = stylesheet()
    before, element, after = html.partition(whole.element)
    if not element:
        return squeeze(html), whole
    first_view, link, below = after.partition(whole.link)
    before, first_view, below = squeeze(before), squeeze(first_view), squeeze(below)
    names = names_in(before + first_view) | _ADDED_LATER
    own = whole.for_names(names | names_in(below))
    page = f"{before}{own.element}{first_view}{below}"
    if link and (len(page) > MOST_TIMES * FIRST_FLIGHT_BYTES or on_the_wire(page) > FIRST_FLIGHT_BYTES):
        own = whole.for_names(names)
        page = f"{before}{own.element}{first_view}{link}{below}"
    return page, own
