"""What a search compares: the entries of all pages and the synonyms, in memory until something is published.

What was typed becomes terms. A term is a word, or words that belong together, with its synonyms. A page's score is the
sum over the terms it has: more for a rare term, and more in the title than in the body.
"""

from collections import Counter, defaultdict
from functools import cached_property, lru_cache
from math import log
from typing import NamedTuple

from rapidfuzz.distance import OSA
from wagtail.models import Site

from clinic.lib.words import sound, stem, stems_of, words_of
from clinic.models import SearchEntry, SearchWords
from clinic.models.search import IGNORED_WORDS, KNOWN_WORDS

TITLE, NAMES, INTRODUCTION, BODY = 10, 8, 3, 1
SYNONYM, BEGINNING, RELEVANT = 0.7, 0.3, 0.3
# Words of up to three letters are not the beginning of others, and are misspelled only when they sound the same.
SHORT_WORD, LONG_WORD, LONGEST_ENDING = 3, 6, 4
LONGEST_PHRASE, MOST_TERMS = 4, 6


class Entry(NamedTuple):
    """The columns of `SearchEntry` that are compared, and all of them together."""

    page_id: int
    title: str
    names: str
    introduction: str
    body: str
    whole: str

    def score(self, phrase: str, beginning: str) -> float:
        """Return how much this page is about the phrase, or about words with this beginning."""
        # Most pages have nothing, and looking is much faster than counting.
        if (beginning or phrase.rstrip()) not in self.whole:
            return 0
        score = 0.0
        columns = (self.title, TITLE), (self.names, NAMES), (self.introduction, INTRODUCTION), (self.body, BODY)
        for column, weight in columns:
            found: float = column.count(beginning or phrase)
            if found and beginning:
                longer = found - column.count(phrase)
                found -= longer * (1 - BEGINNING)
            if found:
                # A repeated word counts a little more, and one of two words in a title more than one of five.
                share = phrase.count(" ") / column.count(" ") if column is self.title else 0
                score += weight * (min(found, 1) + log(max(found, 1)) / 2 + share)
        return score


class Term(NamedTuple):
    """`phrase`: the stems of what was typed; `beginning`: the same, where longer words count too, or nothing."""

    phrase: str
    beginning: str
    synonyms: tuple[str, ...]
    synonym_stems: tuple[str, ...]

    def score(self, entry: Entry) -> float:
        others = (SYNONYM * entry.score(stems, "") for stems in self.synonym_stems)
        return max(entry.score(self.phrase, self.beginning), *others, 0)


class Index:
    def __init__(self, site: Site, words: SearchWords) -> None:
        self.home_id = site.root_page_id
        self.synonyms = words.by_stems
        self.rows = SearchEntry.objects.filter(page__live=True, page__path__startswith=site.root_page.path)
        rows = self.rows.order_by("page__path").values_list(*Entry._fields[:-1])
        self.entries = [Entry._make([*row, "\n".join(row[1:])]) for row in rows]
        self.text = "\n".join(entry.whole for entry in self.entries)
        self.has = lru_cache(maxsize=5000)(self._has)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The words that a misspelled one may be, with how many sounds may differ.

        Two in titles, names and synonyms, one in long words of texts, none in short ones: a short word that the pages
        do not have is more often another word than a misspelled one.
        """
        names, texts = set[str](), set[str]()
        for row in self.rows.values_list("words", flat=True):
            words_of_names, words_of_text = row.split("\n")
            names.update(words_of_names.split())
            texts.update(words_of_text.split())
        phrases = {phrase for group in self.synonyms.values() for phrase in group}
        names.update(word for phrase in phrases for word in words_of(phrase))
        return {word: int(len(word) >= LONG_WORD) for word in texts} | dict.fromkeys(names, 2)

    @cached_property
    def stems(self) -> set[str]:
        return set(map(stem, self.vocabulary))

    def _has(self, phrase: str) -> bool:
        # Without the blank at its end, which every word has, a phrase that is in no page is found missing much sooner.
        return phrase.rstrip() in self.text and phrase in self.text

    def knows(self, phrase: str) -> bool:
        """Say whether a page or a synonym has these stems."""
        return any(phrase in synonym for synonym in self.synonyms) or self.has(phrase)

    def corrected(self, words: list[str]) -> list[str]:
        """Return the words as pages and synonyms spell them, as far as something is like them."""
        spelled: list[str] = []
        for word in words:
            both = spelled[-1] + word if spelled and not IGNORED_WORDS.intersection((spelled[-1], word)) else ""
            is_beginning = len(word) > SHORT_WORD and self.has(f" {stem(word)}")
            if both and self.knows(stems_of(both)):
                spelled[-1] = both
            elif is_beginning or word in IGNORED_WORDS | KNOWN_WORDS or self.knows(stems_of(word)):
                spelled.append(word)
            else:
                spelled += self.split(word) or [self.closest(word)]
        return spelled

    def split(self, word: str) -> list[str]:
        """Return “back pain” for “backpain”, nothing when no page has such words side by side."""
        parts = ([word[:place], word[place:]] for place in range(1, len(word)))
        known = (pair for pair in parts if self.stems.issuperset(map(stem, pair)))
        return next((pair for pair in known if self.knows(stems_of(" ".join(pair)))), [])

    def closest(self, word: str) -> str:
        """Return the known word that is spelled most like it; the word itself when none is."""
        most = len(word) // SHORT_WORD if word.isalpha() and len(word) > SHORT_WORD else 0
        found = []
        for other, at_most in self.vocabulary.items():
            one, two = sound(word), sound(other)
            steps = OSA.distance(one, two, score_cutoff=at_most) + (one[:1] != two[:1])
            is_close = steps <= min(most, at_most) and len(other) >= SHORT_WORD
            if is_close and 2 * (letters := OSA.distance(word, other)) < len(word):  # “attack” sounds like “arch”
                found.append((steps, letters, other))
        # “leakage”, where the pages have “leaks”.
        begins = [other for other in self.vocabulary if len(stem(other)) > SHORT_WORD and word.startswith(stem(other))]
        longest = max(begins, key=lambda other: (len(stem(other)), -len(other)), default=word)
        is_form = len(word) - len(stem(longest)) <= LONGEST_ENDING
        return min(found)[-1] if found else longest if is_form else word

    def terms(self, words: list[str]) -> list[Term]:
        """Return the words that say something, those of a synonym together; all words when none says something."""
        terms, start = [], 0
        while start < len(words):
            phrases = [stems_of(" ".join(words[start : start + length])) for length in range(LONGEST_PHRASE, 0, -1)]
            phrase = next((phrase for phrase in phrases if phrase in self.synonyms), phrases[-1])
            if phrase in self.synonyms or words[start] not in IGNORED_WORDS:
                terms.append(self.term(phrase))
            start += phrase.count(" ") - 1
        return terms[:MOST_TERMS] or [self.term(stems_of(word)) for word in words]

    def term(self, phrase: str) -> Term:
        is_beginning = phrase.count(" ") == len("  ") and len(phrase) > SHORT_WORD + len("  ")
        synonyms = {stems: synonym for synonym in self.synonyms.get(phrase, ()) if self.has(stems := stems_of(synonym))}
        return Term(phrase, phrase.rstrip() if is_beginning else "", tuple(synonyms.values()), tuple(synonyms))

    def found(self, terms: list[Term]) -> list[int]:
        """Return the primary keys of the pages, best first.

        When the best page has all terms, a page that has only some must be about as good.
        """
        totals: defaultdict[int, float] = defaultdict(float)
        matched = Counter[int]()
        for term in terms:
            scores = {entry.page_id: score for entry in self.entries if (score := term.score(entry))}
            for page_id, score in scores.items():
                totals[page_id] += score * log(1 + len(self.entries) / len(scores))
                matched[page_id] += 1
        relevance = {page_id: total * matched[page_id] / len(terms) for page_id, total in totals.items()}
        # The home page names most of what the others have, so it comes last.
        found = sorted(relevance, key=lambda page_id: (page_id == self.home_id, -relevance[page_id]))
        least = RELEVANT * relevance[found[0]] if found and matched[found[0]] == len(terms) else 0
        return [page_id for page_id in found if matched[page_id] == len(terms) or relevance[page_id] >= least]
