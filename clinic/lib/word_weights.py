"""Which words are more common in one kind of message than in others, and how much: a naive Bayes classifier.

A file of weights has one word or pair of words to a line, with the logarithm of how many times more often such messages
contain it; `tests/contact/screening/weigh_words.py` makes it from sample messages. See
https://en.wikipedia.org/wiki/Naive_Bayes_spam_filtering.
"""

import math
import re
from functools import cached_property
from pathlib import Path

from clinic.lib.characters import folded
from clinic.lib.words import stem

# Of a message of fewer words (with pairs: words and pairs) too little is known.
FEWEST_WORDS, FEWEST_WITH_PAIRS = 4, 25
NEAR = 3  # words that are at most so many places apart are a pair
PART, STEP = 16, 4  # words in a part of a text, and how far apart parts begin
_STANDING_FOR = (
    (re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE), " "),  # a sign of its own
    (re.compile("[$€£]"), " adollar "),
    (re.compile(r"\d\s?%"), " apercentage "),
)


class WordWeights:
    def __init__(self, file: Path, *, pairs: bool = False) -> None:
        self.file = file
        self._pairs = pairs
        self._fewest = FEWEST_WITH_PAIRS if pairs else FEWEST_WORDS

    def likeness(self, text: str, left_out: str = "") -> tuple[float, list[str]]:
        """Return how much a text's words are those of such messages (0: as much as not), and those that say so most.

        The words of `left_out` do not count.
        """
        found = self._weights_of(self.words_of(text) - self.words_of(left_out))
        words = sorted(found, key=lambda word: (-found[word], word))
        return self._sum_of(found), [word for word in words if found[word] > 1][:5]

    def highest_likeness(self, text: str, left_out: str = "") -> float:
        """Return the likeness of the part of the text that is most like such messages, with no more for `left_out`."""
        words, ignored = text.split(), self.words_of(left_out)
        starts = range(0, max(1, len(words) - PART + STEP), STEP)
        parts = (self.words_of(" ".join(words[start : start + PART])) for start in starts)
        return max(min(self._sum_of(self._weights_of(some)) for some in (part, part - ignored)) for part in parts)

    def _weights_of(self, words: set[str]) -> dict[str, float]:
        return {word: weight for word in words if (weight := self._weights.get(word))}

    def _sum_of(self, weights: dict[str, float]) -> float:
        return sum(weights.values()) / math.sqrt(max(len(weights), self._fewest))

    @cached_property
    def _weights(self) -> dict[str, float]:
        lines = (line.rsplit(maxsplit=1) for line in self.file.read_text(encoding="utf-8").splitlines())
        return {word: float(weight) for word, weight in lines}

    def words_of(self, text: str) -> set[str]:
        """Return the words of the text, or else its stems and the pairs of those that are near each other."""
        for pattern, word in _STANDING_FOR:
            text = pattern.sub(word, text)
        words = [stem(word) if self._pairs else word for word in re.findall(r"[^\W\d_]{2,}", folded(text))]
        near = (sorted((one, other)) for i, one in enumerate(words) for other in words[i + 1 : i + 1 + NEAR])
        return {*words, *(map(" ".join, near) if self._pairs else ())}
