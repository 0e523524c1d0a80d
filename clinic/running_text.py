"""Running text as it is shown: numbers dial, and what belongs together stays in one line.

It changes what stands between the tags of finished HTML, and nothing inside them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import format_html

from clinic.telephone import phone_address

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# Whole numbers alone: “in 411 people” is nothing to dial.
_NUMBER = re.compile(r"(?<![\w-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])")
_EMAIL = re.compile(r"(?<![\w-])[Ee]-mails?(?![\w-])")
_AT = re.compile(r"(?<=\w)@(?=\w)")
_TAG = re.compile(r"(<[^>]*>)")


def running_text(html: str) -> str:
    """Return the HTML with its telephone numbers as links, and no break inside them, “e-mail” and addresses."""
    if not (_NUMBER.search(html) or _EMAIL.search(html) or "@" in html):
        return html
    pieces = _TAG.split(html)
    in_link = False
    for place, piece in enumerate(pieces):
        if place % 2:
            in_link = piece.startswith(("<a ", "<a>")) or (in_link and piece != "</a>")
            continue
        numbered = _NUMBER.sub(_whole if in_link else _dialled, piece)
        pieces[place] = _AT.sub("<wbr>@", _EMAIL.sub(_whole, numbered))
    return "".join(pieces)


def email_in_line(address: str) -> SafeString:
    """Return the address, which where it has to breaks before its @."""
    name, _at, domain = address.rpartition("@")
    return format_html("{}<wbr>@{}", name, domain) if name else format_html("{}", address)


def _whole(found: re.Match[str]) -> str:
    return f'<span class="whole">{found[0]}</span>'


def _dialled(found: re.Match[str]) -> str:
    return f'<a class="phone" href="{phone_address(found[0])}">{found[0]}</a>'
