"""Which words are more common in spam than in people's messages, and how much: a naive Bayes classifier.

`word_weights.txt` was learnt from sample messages by `manage.py screening --learn FOLDER`: one word to a line, with the
logarithm of how many times more often spam contains it. See https://en.wikipedia.org/wiki/Naive_Bayes_spam_filtering.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from clinic.lib.characters import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).with_name("word_weights.txt")
# No one word decides much, and a word that was seen once says nothing.
MOST, FEWEST_TIMES = 3.0, 2
# Of a message of fewer words too little is known.
FEWEST_WORDS = 4
_STANDING_FOR = (
    (re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE), " "),  # a sign of its own
    (re.compile("[$€£]"), " adollar "),
    (re.compile(r"\d\s?%"), " apercentage "),
)


def likeness_to_spam(text: str, left_out: str = "") -> tuple[float, list[str]]:
    """Return how much a text's words are those of spam (0: as much as not), and the words that say so most.

    The words of `left_out` do not count.
    """
    found = {word: weight for word in words_of(text) - words_of(left_out) if (weight := weights().get(word))}
    likeness = sum(found.values()) / math.sqrt(max(len(found), FEWEST_WORDS))
    return likeness, [word for word in sorted(found, key=lambda word: (-found[word], word)) if found[word] > 1][:5]


def learn(spam: list[str], people: list[str]) -> dict[str, float]:
    """Return the weight of each word that was seen more than once."""
    in_spam, in_people = _count(spam), _count(people)
    return {
        word: max(-MOST, min(MOST, math.log(_share(in_spam[word], spam) / _share(in_people[word], people))))
        for word in sorted({*in_spam, *in_people})
        if in_spam[word] + in_people[word] >= FEWEST_TIMES
    }


def words_of(text: str) -> set[str]:
    for pattern, word in _STANDING_FOR:
        text = pattern.sub(word, text)
    return set(re.findall(r"[^\W\d_]{2,}", folded(text)))


@cache
def weights() -> dict[str, float]:
    pairs = (line.split() for line in FILE.read_text(encoding="utf-8").splitlines())
    return {word: float(weight) for word, weight in pairs}


def _count(messages: Iterable[str]) -> Counter[str]:
    return Counter(word for message in messages for word in words_of(message))


def _share(count: int, messages: list[str]) -> float:
    return (count + 0.5) / (len(messages) + 1)
