"""The mailbox that receives reports of undelivered mail: by IMAP, or a maildir on this machine."""

from __future__ import annotations

import imaplib
import mailbox as maildirs
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from ssl import create_default_context
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What a mailbox raises if it does not exist, refuses the password or breaks the connection.
Unreadable = (OSError, imaplib.IMAP4.error, maildirs.Error)

TIMEOUT_SECONDS = 30
IMAP_PORT, IMAPS_PORT = 143, 993  # RFC 9051, 2.1; RFC 8314, 3.2
# This marks what was looked at, so that no mail becomes “read” for people who use the same mailbox.
TAKEN = "ClinicTaken"
TAKEN_FOLDER = "Taken"
LARGEST = 1_000_000
REPORT = re.compile(rb"^content-type:\s*multipart/report\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    content: bytes
    mark: Callable[[], object]


class Mailbox(Protocol):
    def reports(self) -> Iterator[Mail]:
        """Yield the reports that have not been marked."""


@contextmanager
def mailbox(url: str) -> Iterator[Mailbox]:
    """Open `imaps://user:password@host/INBOX`, `imap://…` or `maildir:///var/mail/bounces`.

    Raises one of `Unreadable` when it cannot be opened.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield Maildir(parts.path)
        return
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host, parts.port or IMAPS_PORT, ssl_context=create_default_context(), timeout=TIMEOUT_SECONDS
        )
    else:
        connection = imaplib.IMAP4(host, parts.port or IMAP_PORT, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        connection.select(unquote(parts.path.strip("/")) or "INBOX")
        yield Imap(connection)


class Maildir:
    def __init__(self, path: str) -> None:
        self.box = maildirs.Maildir(path, factory=None, create=False)

    def reports(self) -> Iterator[Mail]:
        for key in list(self.box.keys()):
            try:
                content = self.box.get_bytes(key)
            except KeyError:
                continue  # another process, or a person, has removed it
            if len(content) <= LARGEST and REPORT.search(_head(content)):
                yield Mail(content, partial(self._mark, key))

    def _mark(self, key: str) -> None:
        with suppress(KeyError):  # as above
            self.box.add_folder(TAKEN_FOLDER).add(self.box.get_bytes(key))
            self.box.remove(key)


class Imap:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def reports(self) -> Iterator[Mail]:
        for number in self._found():
            if REPORT.search(_head(self._fetch(number, "BODY.PEEK[HEADER]"))):
                content = self._fetch(number, f"BODY.PEEK[]<0.{LARGEST}>")
                yield Mail(content, partial(self._mark, number))
            else:
                self._mark(number)

    def _found(self) -> list[str]:
        _answer, data = self.connection.uid("SEARCH", f"UNKEYWORD {TAKEN}")
        return data[0].decode().split() if data and data[0] else []

    def _fetch(self, number: str, what: str) -> bytes:
        _answer, data = self.connection.uid("FETCH", number, f"({what})")
        return next((part[1] for part in data if isinstance(part, tuple)), b"")

    def _mark(self, number: str) -> None:
        self.connection.uid("STORE", number, "+FLAGS.SILENT", f"({TAKEN})")


def _head(content: bytes) -> bytes:
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    return re.sub(rb"\r?\n[ \t]+", b" ", head)
