"""Risks as natural frequencies (“about 8 in 100”) with a picture of 100 or 1,000 dots.

Patients understand this format best (IPDAS collaboration, chapter on presenting probabilities).
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import cached_property

HUNDRED = 100
THOUSAND = 1000
# Of the picture with a hundred dots, in five rows, and of that with a thousand, in twenty.
COLUMNS = {HUNDRED: 20, THOUSAND: 50}


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
    def marked_path(self) -> str:
        """A path through the centres of the filled dots, a line for each row: the first ones of a hundred; of a
        thousand, where there are ten at most, those in the middle, because they would be overlooked in a corner.
        """
        columns, left = COLUMNS[self.denominator], self.numerator
        if self.denominator == THOUSAND:
            return f"M{(columns - left) // 2}.5 9.5h{left - 1}.1" if left else ""
        rows = [min(columns, left - done) for done in range(0, left, columns)]
        # A tenth longer than the distance to the last dot, so that rounding never loses it.
        return "".join(f"M0.5 {row}.5h{length - 1}.1" for row, length in enumerate(rows))
