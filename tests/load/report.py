"""What benchmarks and drills measure, and how they say what they found."""

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

Result = TypeVar("Result")


def cost(work: Callable[[], Result], rounds: int) -> tuple[float, int, Result]:
    """Return the milliseconds of processor, as the median of so many rounds, the queries, and what the work returns.

    Before that it is done once to warm up, and once to count the queries.
    """
    result = work()
    with CaptureQueriesContext(connection) as asked:
        work()
    queries = len(asked)  # the next request forgets them
    taken = []
    for _round in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken) * 1000, queries, result


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; the first column is words, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdict(*, is_reached: bool) -> str:
    return "reached" if is_reached else "missed"
