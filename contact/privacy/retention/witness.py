"""The ledger's last row, signed, in a file outside of the database: who changes the one has the other against them.

It may be behind the ledger (a process was killed before it wrote), never ahead of it: then rows are missing, be it
that somebody took them or that an older copy of the database was restored.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer

logger = logging.getLogger(__name__)


class ForgedError(Exception):
    """The file was not written by this site, or it was with another SECRET_KEY."""


class Head(NamedTuple):
    number: int
    hash: str


def keep(number: int, digest: str) -> None:
    """Write the head down; a full disk is no reason to keep what was to be deleted."""
    target = _file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as copy:
            copy.write(_signer().sign_object({"number": number, "hash": digest}))
        Path(copy.name).replace(target)
    except OSError:
        logger.exception("The ledger's head could not be kept in %s.", target.parent)


def recall() -> Head | None:
    """Return the head as it was last written, or None where this machine has written none."""
    try:
        return Head(**_signer().unsign_object(_file().read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (BadSignature, OSError, ValueError, TypeError) as error:
        raise ForgedError(_file()) from error


def forget() -> None:
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return Path(settings.STATE_DIR) / "purge-ledger.signed"


def _signer() -> Signer:
    return Signer(salt="contact.privacy.retention.witness")
