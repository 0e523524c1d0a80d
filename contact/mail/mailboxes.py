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
def mails_in(url: str) -> Iterator[Iterator[Mail]]:
    """Open `imaps://user:password@host/INBOX`, `imap://…` or `maildir:///var/mail/bounces`; give what is not marked.

    Raises one of `Unreadable` when it cannot be opened.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield _in_maildir(Path(parts.path))
        return
    options: dict[str, Any] = {"port": parts.port} if parts.port else {}
    options |= {"ssl_context": create_default_context()} if parts.scheme == "imaps" else {}
    server = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    with server(parts.hostname or "", timeout=TIMEOUT_SECONDS, **options) as connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        connection.select(unquote(parts.path.strip("/")) or "INBOX")
        yield _by_imap(connection)


def _in_maildir(folder: Path) -> Iterator[Mail]:
    def mark(file: Path) -> None:
        name, _, flags = file.name.partition(":2,")
        with suppress(FileNotFoundError):  # another process, or a person, has removed it
            file.rename(folder / "cur" / f"{name}:2,{flags}{MAILDIR_TAKEN}")

    for file in sorted(file for part in ("new", "cur") for file in (folder / part).iterdir()):
        flags = file.name.partition(":2,")[2]
        with suppress(FileNotFoundError):  # as above
            if MAILDIR_TAKEN not in flags:
                content = file.read_bytes()[:LARGEST]
                yield Mail(content, partial(bytes, content), "S" in flags, partial(mark, file))


def _by_imap(connection: imaplib.IMAP4) -> Iterator[Mail]:
    def found(which: str) -> list[str]:
        _answer, data = connection.uid("SEARCH", which)
        return data[0].decode().split() if data and data[0] else []

    def fetch(number: str, what: str) -> bytes:
        _answer, data = connection.uid("FETCH", number, f"({what})")
        return next((part[1] for part in data if isinstance(part, tuple)), b"")

    seen = found("SEEN")
    for number in found(f"UNKEYWORD {TAKEN}"):
        content = partial(fetch, number, f"BODY.PEEK[]<0.{LARGEST}>")
        mark = partial(connection.uid, "STORE", number, "+FLAGS.SILENT", f"({TAKEN})")
        yield Mail(fetch(number, "BODY.PEEK[HEADER]"), content, number in seen, mark)
