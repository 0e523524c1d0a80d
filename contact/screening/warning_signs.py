"""Warning signs: words that may stand for something that cannot wait for an answer by mail.

Managers write each sign's phrases at the desk (`clinic.lib.phrases` explains how they are compared with a message). A
sign that is missed costs much, and a false one costs the patient one more press of a button. It is no sign
(`quiet_words.toml`)
- when it is plainly denied: “No chest pain.” The denying word comes directly before, and nothing follows in the
  sentence but a list: “No chest pain until yesterday”, “no chest pain at rest” and “no, chest pain!” are found;
- when it is long past: “I had a heart attack in 2010”, not “the same as in 2010 again”;
- when the words mean something else: “stroke rehab”, or, for a built-in phrase, when the words around it are those of
  an ordinary enquiry; not beside “suddenly” or “worst”.
"""

import re
import tomllib
from bisect import bisect, bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db import Error as DatabaseError

from clinic.lib.logs import failures_logged
from clinic.lib.phrases import Phrase, Span, Text, Vocabulary, normalise
from clinic.lib.word_weights import WordWeights
from contact.models import RedFlag


def _read(name: str) -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


# Used if the clinic's own list cannot be read: each sign's name and its phrases.
DEFAULT_WARNING_SIGNS = _read("default_signs.toml")
_QUIET = _read("quiet_words.toml")
_PHRASES = {name: [*map(Phrase, _QUIET[name])] for name in ("past", "over", "present", "again", "acute", "harmless")}
_QUIET_WORDS = {word for phrases in _PHRASES.values() for phrase in phrases for word in phrase.words}


def _any_of(name: str) -> str:
    return "(?:{})".format("|".join(sorted(map(normalise, _QUIET[name]), key=len, reverse=True)))


_LISTED = r"(?:,? (?!(?:i|im|ive|my|it|its|is|are|am|have|has|but|je|jai|mon|ma)\b)\w+){0,12}?"
_OR = r",? (?:or|nor|ou|ni)\b"
_DENIED = re.compile(rf"(?<!\w){_any_of('denials')}(?: {_any_of('fillers')})* $")
_DENIED_LIST = re.compile(rf"(?<!\w){_any_of('denials')}{_LISTED}(?:{_OR}|(?P<comma>,))(?: {_any_of('fillers')})* $")
_LAST_OR = re.compile(rf"{_OR} ")
_LIST_GOES_ON = re.compile(rf"{_LISTED}{_OR}")
_NOTHING_MORE = re.compile(rf"\s*(?:$|[,()]|(?:or|nor|and|no|ou|ni|et|sans|pas|{_any_of('afterwards')})\b)")
_ANSWERED_NO = re.compile(r"\s*[:?]?\s*(?:no|none|non|never|negative|jamais)\s*(?:$|[.,;!\n])")
_TURNS = re.compile(rf"(?<!\w){_any_of('turns')}(?!\w)")
# “The cut hasn't stopped bleeding” denies only its end.
_GOES_ON = re.compile("stop|arret")
_END_OF_SENTENCE = re.compile(r"[.!?;:\n]")
# How emergencies are worded: it counts where no phrase is found.
DANGER = WordWeights(Path(__file__).with_name("danger_weights.txt"), pairs=True)
LIKE_AN_EMERGENCY, ENOUGH_LIKENESS = "Worded like an emergency", 2.2
# Words around a built-in phrase that are less like an emergency are those of an ordinary enquiry.
ORDINARY_LIKENESS, WORDS_AROUND = -1.3, 8
# So many characters are looked at of a message that is too long for the form, and of a long sentence.
_LONGEST_TEXT, _REACH = 8000, 160


class SignsFound(NamedTuple):
    names: tuple[str, ...] = ()
    in_french: bool = False


def find_warning_signs(text: str, signs: Mapping[str, Iterable[str]] | None = None) -> SignsFound:
    """Return the managers' warning signs that the text mentions, or else that it is worded like an emergency."""
    signs = warning_signs() if signs is None else signs
    known = {name: [_phrase(phrase) for phrase in phrases] for name, phrases in signs.items()}
    vocabulary = _vocabulary(frozenset(phrase for phrases in known.values() for phrase in phrases))
    message = _Message(text[:_LONGEST_TEXT], vocabulary)
    names = tuple(name for name, phrases in known.items() if any(map(message.mentions, phrases)))
    if signs and not names and DANGER.highest_likeness(text[:_LONGEST_TEXT], message.left_out) > ENOUGH_LIKENESS:
        names = (LIKE_AN_EMERGENCY,)
    return SignsFound(names, in_french=bool(names) and is_french(text))


def is_french(text: str) -> bool:
    message = Text(text, Vocabulary(_QUIET["french"], typing_errors=False))
    return any(message.words)


def warning_signs() -> Mapping[str, Iterable[str]]:
    """Return each sign that is in use with its phrases. Never fails: a patient in need must see the wording.

    Without a single row the table was never filled, or was lost; managers who want no signs take each out of use.
    """
    with failures_logged("The warning signs could not be read, the built-in ones are used", DatabaseError):
        if rows := list(RedFlag.objects.all()):
            return {sign.name: sign.phrases for sign in rows if sign.is_active}
    return DEFAULT_WARNING_SIGNS


_phrase = lru_cache(maxsize=10_000)(Phrase)
_BUILT_IN = {_phrase(phrase) for phrases in DEFAULT_WARNING_SIGNS.values() for phrase in phrases}


@lru_cache(maxsize=4)
def _vocabulary(phrases: frozenset[Phrase]) -> Vocabulary:
    return Vocabulary(_QUIET_WORDS.union(*(phrase.words for phrase in phrases)))


class _Message(Text):
    """A text with the places in it where a sign is none."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        super().__init__(text, vocabulary)
        self._judged: dict[Span, bool] = {}
        self._acute = {self.sentences[start] for start, _ in self._all("acute")}
        harmless = [span for span in self._all("harmless") if self.sentences[span[0]] not in self._acute]
        self._harmless = {place for span in harmless for place in range(*span)}
        over = {place for span in self._all("over") for place in range(*span)}
        again = {self.sentences[start] for start, _ in self._all("again") if start not in over}
        self._present = {self.thoughts[start] for start, _ in self._all("present") if start not in over}
        self._past = {
            thought
            for start, end in self._all("past")
            if self.sentences[start] not in again
            for thought in self._thoughts_of(start, end)
            if thought not in self._present
        }

    def _all(self, name: str) -> list[Span]:
        found = ([list(self.find(part)) for part in phrase.parts] for phrase in _PHRASES[name])
        return [span for parts in found if all(parts) for spans in parts for span in spans]

    def _thoughts_of(self, start: int, end: int) -> set[int]:
        """Return the thought in which a time is named, and its neighbours when it says nothing else: “In 2010, …”."""
        thought = self.thoughts[start]
        others = [place for place, other in enumerate(self.thoughts) if other == thought and not start <= place < end]
        says_more = len(others) > 1 or any(self.words[place] for place in others)
        return {thought} if says_more else {thought - 1, thought, thought + 1}

    def mentions(self, phrase: Phrase) -> bool:
        return super().mentions(phrase) and not (phrase in _BUILT_IN and self._is_ordinary(phrase))

    def _is_ordinary(self, phrase: Phrase) -> bool:
        """Say whether it is always among words of an ordinary enquiry: those of its sentence, and those next to it."""
        for start, end in (span for part in phrase.parts for span in self.find(part) if not self.is_quiet(span)):
            is_now = self.sentences[start] in self._acute or self.thoughts[start] in self._present
            numbers = self.sentences
            sentence = bisect_left(numbers, numbers[start]), bisect(numbers, numbers[end - 1])
            for first, last in (sentence, (max(0, start - WORDS_AROUND), end + WORDS_AROUND)):
                places = self.places[first:last]
                likeness = DANGER.likeness(self.text[places[0][0] : places[-1][1]])[0]
                if is_now or len(places) < WORDS_AROUND or likeness >= ORDINARY_LIKENESS:
                    return False
        return True

    def is_quiet(self, span: Span) -> bool:
        if span not in self._judged:
            self._judged[span] = (
                not self._harmless.isdisjoint(range(*span))
                or not self._past.isdisjoint(self.thoughts[slice(*span)])
                or self._is_denied(*span)
            )
        return self._judged[span]

    @property
    def left_out(self) -> str:
        """The words of the thoughts in which a sign is denied or that are long past, which say nothing now."""
        denied = {thought for span in self._judged if self._is_denied(*span) for thought in self.thoughts[slice(*span)]}
        quiet = denied | self._past
        return " ".join(self.typed(place) for place, thought in enumerate(self.thoughts) if thought in quiet)

    def _is_denied(self, start: int, end: int) -> bool:
        first, last = self.places[start][0], self.places[end - 1][1]
        # “No chest pain or trouble breathing” holds “pain … breathing”: what comes before the last of them counts.
        first = max([first, *(first + found.end() for found in _LAST_OR.finditer(self.text[first:last]))])
        before = _END_OF_SENTENCE.split(self.text[max(0, first - _REACH) : first])[-1]
        after = _END_OF_SENTENCE.split(self.text[last : last + _REACH])[0]
        if _GOES_ON.match(self.text, first):
            return False
        if _ANSWERED_NO.match(self.text[last : last + _REACH]):
            return True
        if not _NOTHING_MORE.match(after) or _TURNS.search(before.rpartition(",")[2] + after):
            return False
        listed = _DENIED_LIST.search(before)
        return bool(_DENIED.search(before) or (listed and (not listed["comma"] or _LIST_GOES_ON.match(after))))
