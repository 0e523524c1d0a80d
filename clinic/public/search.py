"""Search over the pages: what was understood, and each page that was found with the passage that says most about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from wagtail.models import Page, Site

from clinic.lib.characters import APOSTROPHES
from clinic.lib.words import stems_of, words_of
from clinic.models import ContentVersion, SearchEntry, SearchWords
from clinic.models.base import with_linked_page
from clinic.public.search_index import Index, Term

LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_SYNONYMS = 4
RESULTS_PER_PAGE = 10
LONGEST_PASSAGE = 240
_PASSAGES = re.compile(r"(?<=[.!?])\s+|\n")
_WORD = re.compile(rf"(\b[^\W\d_](?:\.[^\W\d_]\b)+|[^\W_]+(?:[{APOSTROPHES}][^\W_]+)*)")


@dataclass(frozen=True)
class Result:
    page: Page
    kind: str
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Results:
    """`query` as it was typed; `page` one page of results, best first; `corrected` as the query was understood, empty
    when that is the same.
    """

    query: str
    page: PaginatorPage[int] | None = None
    found: tuple[Result, ...] = ()
    corrected: str = ""
    also_searched: tuple[str, ...] = ()


def find_pages(request: HttpRequest, typed: str, page_number: str) -> Results:
    """Return what this site's live pages have for the words typed, whatever characters they are made of."""
    query = " ".join(typed.replace("\0", " ").split())[:LONGEST_QUERY]
    words = words_of(query)[:MOST_WORDS]
    site = Site.find_for_request(request)
    if not words or site is None:
        return Results(query)
    index = index_of(ContentVersion.current(), site)
    corrected = index.corrected(words)
    terms = index.terms(corrected)
    found = index.found(terms)
    if not found:
        return Results(query)
    page = Paginator(found, RESULTS_PER_PAGE).get_page(page_number)
    synonyms = tuple(dict.fromkeys(synonym for term in terms for synonym in term.synonyms))
    return Results(
        query,
        page,
        tuple(results(page.object_list, Matches(terms))),
        " ".join(corrected) if corrected != words else "",
        synonyms[:MOST_SYNONYMS],
    )


@lru_cache(maxsize=1)
def index_of(_version: str, site: Site) -> Index:
    """Return what searches compare; made again when something was published."""
    return Index(site, SearchWords.for_site(site))


class Matches:
    def __init__(self, terms: list[Term]) -> None:
        self.phrases = [phrase for term in terms for phrase in (term.phrase, *term.synonym_stems)]
        self.beginnings = [term.beginning for term in terms if term.beginning]

    def number(self, text: str) -> int:
        """Return how many different ones the text has."""
        stems = stems_of(text)
        return sum(phrase in stems for phrase in (*self.phrases, *self.beginnings))

    def best_passage(self, text: str) -> str:
        """Return the passage with the most different matches: the first of several, and not too long."""
        passage = capfirst(max(_PASSAGES.split(text), key=self.number))
        if len(passage) <= LONGEST_PASSAGE:
            return passage
        first = next((found.start() for found in _WORD.finditer(passage) if self.has(found[0])), 0)
        start = passage.rfind(" ", 0, max(0, first - LONGEST_PASSAGE // 4)) + 1
        end = passage.rfind(" ", start, start + LONGEST_PASSAGE)
        shortened = passage[start : end if end > start else start + LONGEST_PASSAGE]
        return f"{'… ' if start else ''}{shortened}{' …' if start + len(shortened) < len(passage) else ''}"

    def marked(self, text: str) -> SafeString:
        """Return the text, escaped, with a `<mark>` around each word that was found; words are at the odd places."""
        pieces = enumerate(_WORD.split(text))
        html = (format_html("<mark>{}</mark>" if odd % 2 and self.has(piece) else "{}", piece) for odd, piece in pieces)
        return format_html_join("", "{}", ((piece,) for piece in html))

    def has(self, word: str) -> bool:
        stems = stems_of(word)
        is_found = any(f" {stem} " in phrase for stem in stems.split() for phrase in self.phrases)
        return is_found or any(beginning in stems for beginning in self.beginnings)


def results(ids: Iterable[int], matches: Matches) -> list[Result]:
    entries = with_linked_page(SearchEntry.objects, "page", "content_type").in_bulk(ids)
    return [
        Result(
            entry.page,
            entry.page.specific_class.kind,
            matches.marked(entry.page.title),
            matches.marked(matches.best_passage(entry.text)),
        )
        for entry in (entries[pk] for pk in ids if pk in entries)
    ]
