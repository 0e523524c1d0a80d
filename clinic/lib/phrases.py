"""How a text is compared with the phrases that managers write down.

- `short of breath` is these words in this order; case, apostrophes, accents and repeated letters do not matter, and
  “can't” is also “cannot”, “unable to” and “n'arrive plus à”;
- `numb*` is any ending: numb, numbness;
- `groin/private parts` is one or the other;
- `pain* ... chest` allows up to six words between them, in either order, without a comma or period: my
  chest is in pain;
- `fever + back` is both, anywhere in the message and in any order.

Typing errors are understood in words of five letters or more: one letter, two from eleven letters on. An ordinary
word (`ordinary_words.txt`) is never a typing error: “never” is not “fever”.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

from django.utils import timezone

from clinic.lib.characters import APOSTROPHES, ELISION, HYPHENS, without_accents

_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
# Between words that belong together, and between thoughts.
_HYPHENS = re.compile(f"[{HYPHENS}_]+")
_BREAKS = re.compile(rf"\s[{HYPHENS}–—]+\s|[–—]+")
_RUNS_OF_BLANKS = re.compile(r"\s+")
_RUNS_OF_BREAKS = re.compile(r";(?: ?;)+")
_RUNS_OF_LETTERS = re.compile(r"([^\W\d_])\1{2,}")
# Words that stand for a denial, and its spellings: “can not even” and “unable to” for “cant”.
_SPELLINGS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_DENIALS = {words: re.compile("".join(pieces)) for words, pieces in _SPELLINGS.items()}
_TOKEN = re.compile(r"\w+|[^\w\s]|\n")
_SENTENCE_ENDS, _PAUSES = ".!?;:", ",()\n"
_CONJUNCTIONS = {"and", "but", "so", "et", "mais", "donc"}
# The most words in place of “...” in a phrase.
_MOST_BETWEEN = 6
_DENIALS_BETWEEN = {"no", "without", "sans", "aucun", "aucune"}
_DOTS = re.compile(r"\.{3,}|…")
# The most words that a piece may begin before the next one.
_FURTHEST = 12
# After a beginning with a typing error.
_LONGEST_ENDING = 4
_SHORTEST_WITH_SWAPPED, _SHORTEST_WITH_AN_ERROR, _SHORTEST_WITH_TWO, _LONGEST_WORD = 4, 5, 11, 20
# Stands for any year before this one.
PAST_YEAR = "pastyear"

Span = tuple[int, int]


def normalise(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes, hyphens as blanks, and with single blanks.

    “Can’t”, “cannot”, “could not even” and “unable to” are all “cant”. Ends of sentences stay, and a dash between
    thoughts is one.
    """
    # Apostrophes first: decomposed, one typed as an accent is a blank.
    letters = without_accents(_APOSTROPHES.sub("", ELISION.sub(r"\1 ", text)))
    # Runs first, so that nothing below goes over one again from each of its places.
    words = _HYPHENS.sub(" ", _BREAKS.sub("; ", without_runs(letters)))
    words = _RUNS_OF_BREAKS.sub(";", without_runs(words)).casefold().replace("œ", "oe")
    words = _RUNS_OF_LETTERS.sub(r"\1", words)
    for denial, spellings in _DENIALS.items():
        words = spellings.sub(denial, words)
    return words.strip()


def without_runs(text: str) -> str:
    """Return the text with one blank, or one line end, in place of several."""
    return _RUNS_OF_BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)


class Vocabulary:
    """The words of phrases, found by whole words, by beginnings (`numb*`) and, if wanted, with typing errors."""

    def __init__(self, words: Iterable[str], *, typing_errors: bool = True) -> None:
        self._typing_errors = typing_errors
        self._words_of: dict[str, set[str]] = {}
        self._stems: set[int] = set()
        for word in words:
            stem, star = word.rstrip("*"), "*" if word.endswith("*") else ""
            self._stems |= {len(stem)} if star else set()
            for spelling in _spellings(stem):
                self._words_of.setdefault(spelling + star, set()).add(word)

    def words_for(self, typed: str) -> set[str]:
        """Return the words of phrases that a typed word stands for."""
        beginnings = [(typed, ""), *((typed[:size], "*") for size in self._stems)]
        exact = {
            word for part, star in beginnings for word in self._words_of.get(part + star, ()) if word == part + star
        }
        if (
            not self._typing_errors
            or typed in ordinary_words()
            or any(len(word) >= _SHORTEST_WITH_AN_ERROR for word in exact)
        ):
            return exact
        return exact | {
            word
            for part, star in beginnings
            for spelling in _spellings(part)
            for word in self._words_of.get(spelling + star, ())
            if part[0] in word[:2] and len(typed) <= len(word) + _LONGEST_ENDING
        }


@cache
def ordinary_words() -> frozenset[str]:
    lines = Path(__file__).with_name("ordinary_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=10_000)
def _spellings(word: str) -> frozenset[str]:
    """Return the word, and what is left of it without a letter; words that share one of these are alike."""
    if len(word) == _SHORTEST_WITH_SWAPPED:
        return frozenset({word, "".join(sorted(word)) + "~"})
    errors = (len(word) >= _SHORTEST_WITH_AN_ERROR) + (len(word) >= _SHORTEST_WITH_TWO)
    kept = (combinations(word[:_LONGEST_WORD], len(word[:_LONGEST_WORD]) - left_out) for left_out in range(errors + 1))
    return frozenset("".join(letters) for some in kept for letters in some)


class Phrase:
    """A phrase in its parts, which must all be there; a part is pieces near each other, a piece alternatives."""

    def __init__(self, written: str) -> None:
        self.parts = [
            [
                [tuple(normalise(one).replace(".", "").split()) for one in piece.split("/") if one.strip(" *.,;:!?")]
                for piece in _DOTS.split(part)
            ]
            for part in written.split("+")
            if part.strip(" *")
        ]

    @property
    def words(self) -> set[str]:
        return {word for part in self.parts for piece in part for words in piece for word in words}


class Text:
    """A message, read once for all phrases."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = normalise(text)
        self.places: list[Span] = []  # of each word, in the text
        self.sentences: list[int] = []
        self.clauses: list[int] = []
        self.thoughts: list[int] = []
        self.words: list[set[str]] = []
        self._positions: dict[str, list[int]] = {}
        sentence = clause = thought = 0
        this_year = timezone.localdate().year
        for token in _TOKEN.finditer(self.text):
            typed = token[0]
            if not typed[0].isalnum():
                sentence += typed in _SENTENCE_ENDS
                clause += typed in _SENTENCE_ENDS + _PAUSES
                thought += typed in _SENTENCE_ENDS + _PAUSES
                continue
            thought += typed in _CONJUNCTIONS
            if re.fullmatch(r"(?:19|20)\d\d", typed) and int(typed) < this_year:
                typed = PAST_YEAR
            self.words.append(vocabulary.words_for(typed))
            for word in self.words[-1]:
                self._positions.setdefault(word, []).append(len(self.places))
            self.places.append(token.span())
            self.sentences.append(sentence)
            self.clauses.append(clause)
            self.thoughts.append(thought)

    def find(self, part: list[list[tuple[str, ...]]]) -> Iterator[Span]:
        """Return where the pieces of a part are near each other: first word, and the word after the last."""
        spans = [sorted(self._spans(piece)) for piece in part]
        return self._near(spans[1:], spans[0]) if all(spans) else iter(())

    def _near(self, spans: list[list[Span]], found: Iterable[Span]) -> Iterator[Span]:
        if not spans:
            yield from found
            return
        for start, end in found:
            low = bisect_left(spans[0], (start - _FURTHEST, 0))
            high = bisect_left(spans[0], (end + _MOST_BETWEEN + 1, 0))
            near = [span for span in spans[0][low:high] if self._are_near((start, end), span)]
            yield from self._near(spans[1:], [(min(start, span[0]), max(end, span[1])) for span in near])

    def _are_near(self, one: Span, other: Span) -> bool:
        (_, end), (start, _) = sorted((one, other))
        if start == end:
            return self.sentences[start] == self.sentences[end - 1]
        return (
            end < start <= end + _MOST_BETWEEN
            and self.clauses[start] == self.clauses[end - 1]
            and not any(self.typed(place) in _DENIALS_BETWEEN for place in range(end, start))
        )

    def mentions(self, phrase: Phrase) -> bool:
        return bool(phrase.parts) and all(
            any(not self.is_quiet(span) for span in self.find(part)) for part in phrase.parts
        )

    def is_quiet(self, _span: Span) -> bool:
        """Return whether the words here do not count."""
        return False

    def typed(self, place: int) -> str:
        return self.text[slice(*self.places[place])]

    def _spans(self, piece: list[tuple[str, ...]]) -> Iterator[Span]:
        for words in piece:
            for start in self._positions.get(words[0], ()) if words else ():
                end = start + len(words)
                if (
                    end <= len(self.places)
                    and self.sentences[start] == self.sentences[end - 1]
                    and all(word in found for word, found in zip(words, self.words[start:end], strict=True))
                ):
                    yield start, end


def phrases_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Return the phrases that the text mentions, without typing errors."""
    known, vocabulary = _read(tuple(phrases))
    message = Text(text, vocabulary)
    return [written for written, phrase in known.items() if message.mentions(phrase)]


@lru_cache(maxsize=8)
def _read(phrases: tuple[str, ...]) -> tuple[dict[str, Phrase], Vocabulary]:
    known = {written: Phrase(written) for written in phrases}
    words = (word for phrase in known.values() for word in phrase.words)
    return known, Vocabulary(words, typing_errors=False)
