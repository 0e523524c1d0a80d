"""A CSV file (RFC 4180) in UTF-8, with the mark that tells Excel so."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from contact.admin.spreadsheets.cells import as_text, defused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contact.admin.spreadsheets.cells import Cell

CONTENT_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def write(rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """Yield the file, a line at a time."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        yield writer.writerow([defused(as_text(cell)) for cell in row]).encode()
