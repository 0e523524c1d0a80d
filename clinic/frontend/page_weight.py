"""How many bytes a page is when compressed, and how many it may be.

A server's first flight is ten packets (RFC 6928): what fits into it arrives after a single round trip, even over a
satellite. The first view with its styles has to fit.
"""

import brotli

FIRST_FLIGHT_BYTES = 14_336
PICTURES_IN_FIRST_VIEW_BYTES = 60 * 1024

# Brotli quality: 0.6 ms for a long page, and a quarter more bytes than cached pages have (clinic/page_cache/).
QUALITY, BEST = 2, 11


def on_the_wire(html: str, quality: int = QUALITY) -> int:
    """Return the compressed size of the page in bytes, possibly a little too high."""
    return len(brotli.compress(html.encode(), quality=quality))
