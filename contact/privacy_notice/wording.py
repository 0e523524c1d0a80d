"""The facts as plain sentences, from `templates/contact/privacy_notice.txt`, and the parts of their page.

The text has no markup: blocks with an empty line between them. A block that ends without a full stop or colon is a
heading, and lines that begin with a dash are a list.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list

from clinic.lib.text import running_text

if TYPE_CHECKING:
    from contact.privacy_notice.facts import Facts

VERSION_LENGTH = 12
COMMISSIONER_URL = "https://yukonaccountability.ca/ipc/complaints"
DASH = "– "
# The heading of the last part of every wording.
EMERGENCIES = "Not for emergencies"
COMMISSIONER = re.compile(r'(Yukon Information and Privacy Commissioner): <a href="([^"]+)"[^>]*>[^<]*</a>')


@dataclass(frozen=True)
class Notice:
    """`short` is shown beside the form and begins `text`; the version is the beginning of the text's SHA-256."""

    short: str
    text: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:VERSION_LENGTH]


class Block(NamedTuple):
    """`kind`: heading, list or paragraph; the lines are a list's items, or the block's one line."""

    kind: str
    lines: tuple[str, ...]


class NoticePage(NamedTuple):
    """`short` begins it; `urgent` says what to do in an emergency; `parts` are the rest: heading and blocks of each."""

    short: str
    urgent: str
    parts: list[tuple[str, list[Block]]]


def render_notice(facts: Facts) -> Notice:
    readers = get_text_list([name.lower() for name in facts.readers], "and") or "the clinic’s managers"
    context = {"facts": facts, "readers": readers, "commissioner": COMMISSIONER_URL}
    short = render_to_string("contact/privacy_notice_short.txt", context).strip()
    blocks = blocks_of(render_to_string("contact/privacy_notice.txt", context | {"short": short}))
    return Notice(short, "\n\n".join(_as_text(block) for block in blocks) + "\n")


def blocks_of(text: str) -> list[Block]:
    """Return the text's parts, to be shown as headings, lists and paragraphs."""
    return [_block(part.splitlines()) for part in re.split(r"\n\s*\n", text.strip())]


def _block(lines: list[str]) -> Block:
    if lines[0].startswith(DASH):
        return Block("list", tuple(line.removeprefix(DASH).strip() for line in lines))
    line = " ".join(" ".join(lines).split())
    return Block("paragraph" if line.endswith((".", ":", "!", "?")) else "heading", (line,))


def _as_text(block: Block) -> str:
    mark = DASH if block.kind == "list" else ""
    return "\n".join(mark + line for line in block.lines)


def page_of(text: str) -> NoticePage:
    """Return the parts of a wording, current or earlier; `parts` has everything when it does not end as usual."""
    _in_short, short, *blocks = blocks_of(text)
    end = next((place for place, block in enumerate(blocks) if block.lines == (EMERGENCIES,)), len(blocks))
    urgent = " ".join(line for block in blocks[end + 1 :] for line in block.lines)
    parts: list[tuple[str, list[Block]]] = []
    for block in blocks[:end]:
        if block.kind == "heading":
            parts.append((block.lines[0], []))
        else:
            parts[-1][1].append(block)
    return NoticePage(short.lines[0], urgent, parts)


def linked(line: str) -> SafeString:
    """Return the line with its addresses and numbers as links, the Commissioner's by the name of the office."""
    html = COMMISSIONER.sub(r'<a class="printed" href="\2">\1</a>', urlize(line, autoescape=True))
    return mark_safe(running_text(html))  # noqa: S308  `urlize` escaped the line
