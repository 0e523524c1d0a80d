"""The last good copy of each page, on disk: what visitors see while the database is gone.

A page's copy is replaced whenever the page is drawn anew, and all of them are removed when a page is taken away,
so that nothing comes back that was unpublished. Searches are not kept: what people look for is health information.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from typing import TYPE_CHECKING

from clinic.lib.atomic_write import UNFINISHED, atomic_write
from clinic.page_cache.copy import Copy

if TYPE_CHECKING:
    from pathlib import Path

    from clinic.page_cache.key import Address

logger = logging.getLogger(__name__)

# The version of a copy that was read from disk: no content has it, so that it never passes for a fresh one.
LAST_GOOD = "last good"


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, address: Address, copy: Copy) -> None:
        """Write the copy; a disk that is full or read-only costs the copy, not the visitor's page."""
        head = {"address": list(address), "made_at": copy.made_at, "headers": copy.headers}
        try:
            packed = gzip.compress(copy.bodies["identity"].content, 6)
            atomic_write(self._file(address), json.dumps(head).encode() + b"\n" + packed)
        except OSError:
            logger.exception("The copy of a page could not be kept in %s.", self.folder)

    def read(self, address: Address) -> Copy | None:
        try:
            head, _newline, packed = self._file(address).read_bytes().partition(b"\n")
            known = json.loads(head)
            headers = [(str(name), str(value)) for name, value in known["headers"]]
            if known["address"] != list(address):
                return None
            return Copy.of(gzip.decompress(packed), headers, version=LAST_GOOD, until=0, made_at=known["made_at"])
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None

    def clear(self) -> None:
        """Remove every copy, finished or not; other processes may be doing the same."""
        for pattern in ("*.page", f"*{UNFINISHED}"):
            for file in self.folder.glob(pattern):
                file.unlink(missing_ok=True)

    def _file(self, address: Address) -> Path:
        return self.folder / f"{hashlib.sha256(repr(tuple(address)).encode()).hexdigest()[:40]}.page"
