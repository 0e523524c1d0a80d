"""Risks as natural frequencies (“about 8 in 100”) with a picture of 100 or 1,000 dots.

Patients understand this format best (IPDAS collaboration, chapter on presenting probabilities).
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache

HUNDRED = 100
THOUSAND = 1000
COLUMNS = {HUNDRED: 20, THOUSAND: 50}


@dataclass(frozen=True)
class Dots:
    """`marked` of `total` dots (100 or 1,000); one unit of the picture is one dot.

    A dashed line with round ends, whose dashes have no length, draws a whole row of dots, so that the picture needs two
    paths instead of a thousand circles. Of a hundred dots the first are marked; of a thousand those in the middle (ten
    at most), with a halo as a third path, because they would be overlooked in a corner.
    """

    total: int
    marked: int

    @property
    def view_box(self) -> str:
        columns = COLUMNS[self.total]
        return f"0 0 {columns} {self.total // columns}"

    @property
    def all_path(self) -> str:
        return path(0, self.total, COLUMNS[self.total])

    @property
    def marked_path(self) -> str:
        columns = COLUMNS[self.total]
        middle = (self.total // 2 // columns - 1) * columns + (columns - self.marked) // 2
        return path(middle if self.has_halo else 0, self.marked, columns)

    @property
    def has_halo(self) -> bool:
        return self.total == THOUSAND and self.marked > 0


@lru_cache(maxsize=1000)
def path(first: int, dots: int, columns: int) -> str:
    """Return a path through the centres of so many dots from the `first` on, one line for each row."""
    lines = ""
    while dots:
        row, left = divmod(first, columns)
        length = min(dots, columns - left)
        # A tenth longer than the distance to the last dot, so that rounding never loses it.
        lines += f"M{left}.5 {row}.5h{length - 1}.1"
        first, dots = first + length, dots - length
    return lines


@dataclass(frozen=True)
class Risk:
    """One event of `total` treatments, sessions or people (`unit`): how often it was counted, or in how many percent of
    them, as the source says.
    """

    name: str
    total: int
    unit: str
    is_major: bool
    count: int | None = None
    percent: Decimal | None = None

    @cached_property
    def share(self) -> Decimal:
        """Between 0 and 1."""
        return (self.percent or Decimal(0)) / HUNDRED if self.count is None else Decimal(self.count) / self.total

    @cached_property
    def denominator(self) -> int:
        """Of how many the picture shows: a hundred, or a thousand when it is too rare to show in a hundred."""
        return HUNDRED if self.share * HUNDRED >= 1 else THOUSAND

    @property
    def is_rarer_than_a_thousandth(self) -> bool:
        return 0 < self.share * THOUSAND < 1

    @cached_property
    def numerator(self) -> int:
        """How many dots of the picture are filled; at least one for anything that happened at all."""
        rounded = int((self.share * self.denominator).quantize(Decimal(1), ROUND_HALF_UP))
        return max(rounded, 1) if self.share else 0

    @property
    def frequency(self) -> str:
        """“about 8 in 100”, “about 9 in 1,000”, “about 1 in 1,024”, or “none in 7,629 treatments”.

        The same two denominators throughout, as in the picture: people compare “1 in 114” with “1 in 385” wrongly.
        """
        if not self.share:
            return f"none in {self.total:,} {self.unit}"
        if self.is_rarer_than_a_thousandth:
            # Rounded up: not more often than it was counted.
            return f"about 1 in {(1 / self.share).quantize(Decimal(1), ROUND_CEILING):,}"
        return f"about {self.numerator} in {self.denominator:,}"

    @property
    def percent_text(self) -> str:
        """The share in percent as the source gives it, without trailing zeros: “7.55%”, “0.098%”."""
        percent = (self.share * HUNDRED).quantize(Decimal("0.001"), ROUND_HALF_UP).normalize()
        return f"{percent:f}%"

    @property
    def count_text(self) -> str:
        """“20” as the source counted, or “about 576” worked out from its percentage, in one line."""
        if self.count is not None:
            return f"{self.count:,}"
        times = (self.share * self.total).quantize(Decimal(1), ROUND_HALF_UP)
        return f"about\N{NO-BREAK SPACE}{times:,}" if self.share else "0"

    @property
    def is_drawn(self) -> bool:
        """False when it is so rare that one dot in a thousand would show it as twice as often, or more."""
        return not self.is_rarer_than_a_thousandth or self.share * THOUSAND * 2 > 1

    @property
    def dots(self) -> Dots:
        return Dots(total=self.denominator, marked=self.numerator)
