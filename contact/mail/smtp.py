"""Mail as it goes to the mail server: plain text that any server passes on unchanged, and what the server answered."""

import re
import smtplib
from binascii import b2a_qp
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.message import utf8_charset_qp

LONGEST = 76  # of a line of quoted-printable (RFC 2045, 6.7)
# After a space, unless it is inside a number.
BREAK = re.compile(r"(?<=[^\d)] )|(?<= )(?!\d)")
# Asks vacation responders (RFC 3834) and Exchange not to answer; reports of undelivered mail are still welcome.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}


class Letter(EmailMessage):
    """Plain text as quoted-printable: some servers refuse or convert Django's 8-bit mail."""

    encoding = utf8_charset_qp


def wrap(text: str) -> str:
    """Break long lines between words, but not inside “(867) 555-0142”; quoted-printable then has nothing to break."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in BREAK.split(paragraph):
            if line and len(b2a_qp((line + word).rstrip().encode())) > LONGEST:
                lines.append(line.rstrip(" "))
                line = ""
            line += word
        lines.append(line.rstrip(" "))
    return "\n".join(lines)


class _RemembersReply:
    """`smtplib` discards the answer to a success (“250 2.0.0 queued as 4F3A…”), by which a lost mail can be traced."""

    last_reply = ""

    def data(self, *args: Any) -> tuple[int, bytes]:
        reply: tuple[int, bytes] = super().data(*args)  # type: ignore[misc]  # smtplib's method: see below
        self.last_reply = reply_line(*reply)
        return reply


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return type("Connection", (_RemembersReply, super().connection_class), {})

    @property
    def last_reply(self) -> str:
        return getattr(self.connection, "last_reply", "")


def reply_line(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"
