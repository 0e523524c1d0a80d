"""What a page weighs on its way, and what it may weigh.

A server's first flight is ten packets (RFC 6928): what fits into it is on the screen one journey after the request,
over a satellite as over a fibre. So the first view, its style sheet included, has to.
"""

from __future__ import annotations

import brotli

FIRST_FLIGHT_BYTES = 14_336
PICTURES_IN_FIRST_VIEW_BYTES = 60 * 1024

# Of brotli: 2 ms for a long page, and a sixth more bytes than the quality of cached pages (clinic/page_cache/).
QUALITY = 5
# The lowest takes 0.2 ms; it leaves a fifth to a quarter more bytes, never a third more.
ROUGH_QUALITY = 1
ROUGHLY_MORE = 4 / 3


def on_the_wire(html: str) -> int:
    """Return how many bytes the page is when it is compressed; rather a few too many than too few."""
    return len(brotli.compress(html.encode(), quality=QUALITY))


def fits_into_first_flight(html: str) -> bool:
    """Return whether the compressed page fits; a rough estimate, five times as fast, is usually enough."""
    rough = len(brotli.compress(html.encode(), quality=ROUGH_QUALITY))
    if rough <= FIRST_FLIGHT_BYTES or rough > FIRST_FLIGHT_BYTES * ROUGHLY_MORE:
        return rough <= FIRST_FLIGHT_BYTES
    return on_the_wire(html) <= FIRST_FLIGHT_BYTES
