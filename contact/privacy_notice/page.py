"""A wording as its page: what to do in an emergency comes first, and links have names. No word is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from clinic.lib.text import running_text
from contact.privacy_notice.wording import blocks_of

if TYPE_CHECKING:
    from contact.privacy_notice.wording import Block

# As each wording ends.
EMERGENCIES = "Not for emergencies"
COMMISSIONER = re.compile(r'(Yukon Information and Privacy Commissioner): <a href="([^"]+)"[^>]*>[^<]*</a>')


@dataclass(frozen=True)
class Part:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class NoticePage:
    """`short` begins it; `urgent` says what to do in an emergency; `parts` are the rest, in their order."""

    short: str
    urgent: str
    parts: tuple[Part, ...]


def page_of(text: str) -> NoticePage:
    """Return the parts of a wording, of today or kept; all of it is in `parts` when it ends otherwise."""
    _in_short, short, *blocks = blocks_of(text)
    end = next((place for place, block in enumerate(blocks) if block.lines == (EMERGENCIES,)), len(blocks))
    urgent = " ".join(line for block in blocks[end + 1 :] for line in block.lines)
    parts: list[Part] = []
    for block in blocks[:end]:
        if block.kind == "heading":
            parts.append(Part(block.lines[0], ()))
        else:
            before = parts.pop() if parts else Part("", ())
            parts.append(Part(before.heading, (*before.blocks, block)))
    return NoticePage(short.lines[0], urgent, tuple(parts))


def linked(line: str) -> SafeString:
    """Return the line with its addresses and numbers as links, the Commissioner's by the name of the office."""
    html = COMMISSIONER.sub(r'<a class="printed" href="\2">\1</a>', urlize(line, autoescape=True))
    return mark_safe(running_text(html))  # noqa: S308 - `urlize` escaped the line
