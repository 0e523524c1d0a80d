"""Django's SMTP backend, which also remembers what the server answered.

`smtplib` raises refusals as exceptions but discards the answer to a success ("250 2.0.0 queued as 4F3A…"), which is
needed to trace a mail that was sent and never arrived.
"""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class _RemembersReply:
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
