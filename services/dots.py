"""The picture of a risk: one dot for each treatment of a hundred or a thousand, those where it happened marked.

An SVG circle for every dot would be a thousand elements. A dashed line with round ends, whose dashes have no
length, draws a whole row of dots instead; so the picture is two paths, however many dots there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

COLUMNS = {100: 10, 1000: 40}


@dataclass(frozen=True)
class Dots:
    """`marked` of `total` dots (100 or 1,000), row by row from the top; one unit of the picture is one dot."""

    total: int
    marked: int

    @property
    def columns(self) -> int:
        return COLUMNS[self.total]

    @property
    def rows(self) -> int:
        return self.total // self.columns

    @property
    def view_box(self) -> str:
        return f"0 0 {self.columns} {self.rows}"

    @property
    def all_path(self) -> str:
        return path(self.total, self.columns)

    @property
    def marked_path(self) -> str:
        return path(self.marked, self.columns)


@lru_cache(maxsize=1000)
def path(dots: int, columns: int) -> str:
    """Return a line through the middle of the first `dots` dots, each row a stretch of its own."""
    full_rows, rest = divmod(dots, columns)
    lengths = [columns] * full_rows + ([rest] if rest else [])
    # A tenth longer than the way to the last dot, so that rounding never loses it.
    return "".join(f"M.5 {row}.5h{length - 1}.1" for row, length in enumerate(lengths))
