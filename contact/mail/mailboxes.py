"""The mailbox that receives answers to the site's mail: by IMAP, or a maildir on this machine."""

import imaplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from ssl import create_default_context
from typing import Any
from urllib.parse import unquote, urlsplit

# What a mailbox raises if it does not exist, refuses the password or breaks the connection.
Unreadable = (OSError, imaplib.IMAP4.error)

TIMEOUT_SECONDS = 30
# These mark what was looked at, so that no mail becomes “read” for people who use the same mailbox.
TAKEN = "ClinicTaken"
MAILDIR_TAKEN = "z"  # Dovecot takes a small letter for a keyword, and gives out “a” first
LARGEST = 1_000_000


@dataclass(frozen=True)
class Mail:
    """`header` may have more than the header; `is_seen`: a person has read it. What is not marked comes again."""

    header: bytes
    content: Callable[[], bytes]
    is_seen: bool
    mark: Callable[[], object]


@contextmanager
def mailbox(url: str) -> Iterator["Maildir | Imap"]:
    """Open `imaps://user:password@host/INBOX`, `imap://…` or `maildir:///var/mail/bounces`.

    Raises one of `Unreadable` when it cannot be opened.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield Maildir(parts.path)
        return
    options: dict[str, Any] = {"port": parts.port} if parts.port else {}
    options |= {"ssl_context": create_default_context()} if parts.scheme == "imaps" else {}
    server = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    with server(parts.hostname or "", timeout=TIMEOUT_SECONDS, **options) as connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        connection.select(unquote(parts.path.strip("/")) or "INBOX")
        yield Imap(connection)


class Maildir:
    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def mails(self) -> Iterator[Mail]:
        for file in sorted(file for folder in ("new", "cur") for file in (self.path / folder).iterdir()):
            _name, _, flags = file.name.partition(":2,")
            if MAILDIR_TAKEN in flags:
                continue
            with suppress(FileNotFoundError):  # another process, or a person, has removed it
                content = file.read_bytes()[:LARGEST]
                yield Mail(content, partial(bytes, content), "S" in flags, partial(self._mark, file))

    def _mark(self, file: Path) -> None:
        name, _, flags = file.name.partition(":2,")
        with suppress(FileNotFoundError):  # as above
            file.rename(self.path / "cur" / f"{name}:2,{flags}{MAILDIR_TAKEN}")


class Imap:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def mails(self) -> Iterator[Mail]:
        seen = self._found("SEEN")
        for number in self._found(f"UNKEYWORD {TAKEN}"):
            content = partial(self._fetch, number, f"BODY.PEEK[]<0.{LARGEST}>")
            header = self._fetch(number, "BODY.PEEK[HEADER]")
            yield Mail(header, content, number in seen, partial(self._mark, number))

    def _found(self, which: str) -> list[str]:
        _answer, data = self.connection.uid("SEARCH", which)
        return data[0].decode().split() if data and data[0] else []

    def _fetch(self, number: str, what: str) -> bytes:
        _answer, data = self.connection.uid("FETCH", number, f"({what})")
        return next((part[1] for part in data if isinstance(part, tuple)), b"")

    def _mark(self, number: str) -> None:
        self.connection.uid("STORE", number, "+FLAGS.SILENT", f"({TAKEN})")
