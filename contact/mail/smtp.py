"""Django's SMTP backend, which also keeps what the server answered.

`smtplib` reports a refusal as an exception but throws the acceptance away ("250 2.0.0 queued as 4F3A…"): what
one needs to find a mail that was sent and never arrived.
"""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends import smtp

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class _KeepsReply:
    last_reply = ""

    def data(self, *args: Any) -> tuple[int, bytes]:
        reply: tuple[int, bytes] = super().data(*args)  # type: ignore[misc]  # smtplib's, by the classes below
        self.last_reply = said(*reply)
        return reply


class _Plain(_KeepsReply, smtplib.SMTP):
    pass


class _Encrypted(_KeepsReply, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    @property
    def last_reply(self) -> str:
        return getattr(self.connection, "last_reply", "")


def mail_connection() -> BaseEmailBackend:
    """Return a connection of the configured backend; SMTP's with the replies kept."""
    if settings.EMAIL_BACKEND == DJANGO_SMTP:
        return EmailBackend()
    return mail.get_connection()


def said(code: int, words: bytes | str) -> str:
    """Return a server's reply as one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
