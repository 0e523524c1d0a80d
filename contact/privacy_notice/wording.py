"""The facts as plain sentences: `templates/contact/privacy_notice.txt`, which holds all that stands on its page.

The text has no markup: blocks with an empty line between them; a block that ends without a full stop or colon is a
heading, and lines that begin with a dash are a list.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

if TYPE_CHECKING:
    from contact.privacy_notice.facts import Facts

VERSION_LENGTH = 12
COMMISSIONER = "https://yukonaccountability.ca/ipc/complaints"
DASH = "– "


@dataclass(frozen=True)
class Notice:
    """`short` stands at the form and begins `text`; the version is the beginning of the text's SHA-256."""

    short: str
    text: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:VERSION_LENGTH]


@dataclass(frozen=True)
class Block:
    """`kind`: heading, list or paragraph; the lines are a list's items, or the block's one line."""

    kind: str
    lines: tuple[str, ...]


def notice(facts: Facts) -> Notice:
    words = {
        "facts": facts,
        "readers": in_a_row([name.lower() for name in facts.readers]) or "the clinic’s managers",
        "keep_closed": days(facts.keep_closed_days),
        "keep_spam": days(facts.keep_spam_days),
        "close_answered": days(facts.close_answered_after_days),
        "ways": ways(facts),
        "commissioner": COMMISSIONER,
    }
    short = render_to_string("contact/privacy_notice_short.txt", words).strip()
    blocks = blocks_of(render_to_string("contact/privacy_notice.txt", words | {"short": short}))
    return Notice(short, "\n\n".join(_as_text(block) for block in blocks) + "\n")


def blocks_of(text: str) -> list[Block]:
    """Return the text's parts, to be shown as headings, lists and paragraphs."""
    return [_block(part.splitlines()) for part in re.split(r"\n\s*\n", text.strip())]


def ways(facts: Facts) -> str:
    """Return how to reach who answers for privacy: “Write to … or call …”."""
    known = [f"write to {facts.contact_email}"] if facts.contact_email else []
    known += [f"call {facts.phone}"] if facts.phone else []
    said = " or ".join(known)
    return said[:1].upper() + said[1:]


def in_a_row(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _block(lines: list[str]) -> Block:
    if lines[0].startswith(DASH):
        return Block("list", tuple(line.removeprefix(DASH).strip() for line in lines))
    line = " ".join(" ".join(lines).split())
    return Block("paragraph" if line.endswith((".", ":", "!", "?")) else "heading", (line,))


def _as_text(block: Block) -> str:
    mark = DASH if block.kind == "list" else ""
    return "\n".join(mark + line for line in block.lines)
