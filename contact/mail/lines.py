"""The lines of a mail: at most 78 characters each (RFC 5322, 2.1.1), in ASCII, and no number cut in two.

Django sends UTF-8 as 8-bit text in lines of any length, which some servers refuse or convert. Python's own
quoted-printable cuts a long line anywhere, and `textwrap` ends one in the middle of “(867) 555-0142”.
"""

import re
from binascii import b2a_qp
from collections.abc import Callable
from email.message import Message
from typing import Any

from django.core.mail import EmailMessage

LONGEST = 76  # of a line of quoted-printable, with the “=” at its end (RFC 2045, 6.7)
# After a space, unless it is inside a number.
BREAK = re.compile(r"(?<=[^\d)] )|(?<= )(?!\d)")
# Asks vacation responders (RFC 3834) and Exchange not to answer; reports of undelivered mail are still welcome.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}


class Letter(EmailMessage):
    """A mail of plain text whose lines are short on the way."""

    def message(self, **options: Any) -> Any:
        mime = super().message(**options)
        quote_text(mime)
        return mime


def wrap(text: str) -> str:
    """Return the text with its long lines broken between words."""
    return "\n".join("\n".join(part.rstrip(" ") for part in _fold(line, len)) for line in text.split("\n"))


def quote_text(mime: Message) -> None:
    """Encode the text in this mail as quoted-printable wherever it is not ASCII in short lines."""
    for part in mime.walk():
        if part.get_content_maintype() != "text" or part.get("Content-Transfer-Encoding", "").lower() == "base64":
            continue
        charset = part.get_content_charset("utf-8")
        content = part.get_payload(decode=True)
        text = (content if isinstance(content, bytes) else b"").decode(charset, "replace").replace("\r\n", "\n")
        if not text.isascii() or max(map(len, text.split("\n"))) > LONGEST:
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = "quoted-printable"
            part.set_payload("\n".join(_quoted(line, charset) for line in text.split("\n")))


def _quoted(line: str, charset: str) -> str:
    def quote(text: str) -> str:
        return b2a_qp(text.encode(charset, "replace")).decode()

    # A word that is longer than a line, such as a link, is cut by `b2a_qp` itself.
    *parts, last = [quote(part) for part in _fold(line, lambda text: len(quote(text)) + 1)]
    return "=\n".join([*(part.removesuffix("=20") + " " * part.endswith("=20") for part in parts), last])


def _fold(line: str, length: Callable[[str], int]) -> list[str]:
    """Return the line in parts that are short enough, each with the blank at its end; a longer word is one part."""
    parts = [""]
    for word in BREAK.split(line):
        if parts[-1] and length(parts[-1] + word) > LONGEST:
            parts.append(word)
        else:
            parts[-1] += word
    return parts
