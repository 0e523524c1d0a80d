"""The picture of a risk: one dot for each treatment of a hundred or a thousand, those where it happened marked.

An SVG circle for every dot would be a thousand elements. A dashed line with round ends, whose dashes have no
length, draws a whole row of dots instead; so the picture is two paths, however many dots there are. A few among a
thousand stand together in its middle, in a halo (a third path): in a corner nobody would find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

COLUMNS = {100: 20, 1000: 50}


@dataclass(frozen=True)
class Dots:
    """`marked` of `total` dots (100 or 1,000); one unit of the picture is one dot.

    Of a hundred the first are marked, row by row from the top; of a thousand those in the middle, ten at most.
    """

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
        if not self.has_halo:
            return path(self.marked, self.columns)
        return stretch((self.columns - self.marked) // 2, self.rows // 2 - 1, self.marked)

    @property
    def has_halo(self) -> bool:
        return self.total == max(COLUMNS) and self.marked > 0


@lru_cache(maxsize=1000)
def path(dots: int, columns: int) -> str:
    """Return a line through the middle of the first `dots` dots, each row a stretch of its own."""
    full_rows, rest = divmod(dots, columns)
    lengths = [columns] * full_rows + ([rest] if rest else [])
    return "".join(stretch(0, row, length) for row, length in enumerate(lengths))


def stretch(left: int, row: int, dots: int) -> str:
    """Return a line through the middle of `dots` dots beside each other, the first of them `left` from the edge."""
    # A tenth longer than the way to the last dot, so that rounding never loses it.
    return f"M{left}.5 {row}.5h{dots - 1}.1"
