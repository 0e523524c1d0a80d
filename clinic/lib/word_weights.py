"""Which words are more common in one kind of message than in others, and how much: a naive Bayes classifier.

A file of weights is learnt from sample messages. It has one word or pair of words to a line, with the logarithm of how
many times more often such messages contain it. See https://en.wikipedia.org/wiki/Naive_Bayes_spam_filtering.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from clinic.lib.characters import folded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# No one word decides much, and a word that was seen once says nothing.
MOST, FEWEST_TIMES = 3.0, 2
# Of a message of fewer words too little is known.
FEWEST_WORDS = 4
_STANDING_FOR = (
    (re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE), " "),  # a sign of its own
    (re.compile("[$€£]"), " adollar "),
    (re.compile(r"\d\s?%"), " apercentage "),
)


class WordWeights:
    def __init__(self, file: Path, *, pairs: bool = False) -> None:
        self.file = file
        self._pairs = pairs

    def likeness(self, text: str, left_out: str = "") -> tuple[float, list[str]]:
        """Return how much a text's words are those of such messages (0: as much as not), and those that say so most.

        The words of `left_out` do not count.
        """
        words = self._words_of(text) - self._words_of(left_out)
        found = {word: weight for word in words if (weight := self._weights.get(word))}
        likeness = sum(found.values()) / math.sqrt(max(len(found), FEWEST_WORDS))
        return likeness, [word for word in sorted(found, key=lambda word: (-found[word], word)) if found[word] > 1][:5]

    def learn(self, such: list[str], others: list[str]) -> int:
        """Weigh each word that was seen more than once anew, and return how many there are."""
        in_such, in_others = self._count(such), self._count(others)
        weights = {
            word: max(-MOST, min(MOST, math.log(_share(in_such[word], such) / _share(in_others[word], others))))
            for word in sorted({*in_such, *in_others})
            if in_such[word] + in_others[word] >= FEWEST_TIMES
        }
        self.file.write_text("".join(f"{word} {weight:.1f}\n" for word, weight in weights.items()), "utf-8")
        return len(weights)

    @cached_property
    def _weights(self) -> dict[str, float]:
        lines = (line.rsplit(maxsplit=1) for line in self.file.read_text(encoding="utf-8").splitlines())
        return {word: float(weight) for word, weight in lines}

    def _words_of(self, text: str) -> set[str]:
        for pattern, word in _STANDING_FOR:
            text = pattern.sub(word, text)
        words = re.findall(r"[^\W\d_]{2,}", folded(text))
        return {*words, *(map(" ".join, pairwise(words)) if self._pairs else ())}

    def _count(self, messages: Iterable[str]) -> Counter[str]:
        return Counter(word for message in messages for word in self._words_of(message))


def _share(count: int, messages: list[str]) -> float:
    return (count + 0.5) / (len(messages) + 1)
