"""Search over the pages: whole words first, then words that begin like them; synonyms count as the word itself.

If no page has all the words, pages with one of them are found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import F, TextField, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page, Site, get_page_models
from wagtail.search.query import Or, PlainText, SearchQuery

from clinic.backends.search import LONGEST_QUERY, clean
from clinic.models import BasePage, SearchWords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

RESULTS_PER_PAGE = 10
MOST_RESULTS = 200
MOST_SPELLINGS = 6


@dataclass(frozen=True)
class Results:
    """`query` as it was typed; `page` one page of results with their introductions, best first."""

    query: str
    page: PaginatorPage[Page] | None = None
    also_searched: list[str] = field(default_factory=list)


def find_pages(request: HttpRequest, typed: str, page_number: str) -> Results:
    """Return this site's live pages that match the words typed; any characters may be typed."""
    query = " ".join(clean(typed).split())
    shown = " ".join(typed.replace("\0", " ").split())[:LONGEST_QUERY]
    site = Site.find_for_request(request)
    if not query or site is None:
        return Results(shown)
    spellings = with_synonyms(query, SearchWords.for_request(request).groups)
    pages = Page.objects.live().descendant_of(site.root_page, inclusive=True)
    whole = pages.search(any_of(spellings, "and"))[:MOST_RESULTS]
    begun = pages.autocomplete(any_of(spellings, "and"))[:MOST_RESULTS]
    found = merge(whole, begun) or merge(pages.search(any_of(spellings, "or"))[:MOST_RESULTS])
    # The home page mentions most of the other pages, so it comes last.
    found.sort(key=lambda page: page.pk == site.root_page_id)
    page = Paginator(found, RESULTS_PER_PAGE).get_page(page_number)
    page.object_list = with_introductions(list(page.object_list))
    return Results(shown, page, spellings[1:])


def with_introductions(pages: list[Page]) -> list[Page]:
    """Return the pages with the `introduction` of their own types: one query, however many types there are."""
    types = [model for model in get_page_models() if issubclass(model, BasePage)]
    columns = [F(f"{model._meta.model_name}__introduction") for model in types]
    ids = [page.pk for page in pages]
    introduced = Page.objects.annotate(introduction=Coalesce(*columns, Value(""), output_field=TextField())).in_bulk(
        ids
    )
    return [introduced[pk] for pk in ids if pk in introduced]


def any_of(spellings: list[str], operator: str) -> SearchQuery:
    """Return a query for pages with all words (“and”) or one word (“or”) of at least one spelling."""
    queries = [PlainText(spelling, operator=operator) for spelling in spellings]
    return Or(queries) if len(queries) > 1 else queries[0]


def merge(*results: Iterable[Page]) -> list[Page]:
    """Return the pages of all lists in this order, each once."""
    return list({page.pk: page for result in results for page in result}.values())


def with_synonyms(query: str, groups: Iterable[list[str]]) -> list[str]:
    """Return the query, then the query with a word exchanged for each of its synonyms, at most six in all."""
    spellings = [query]
    for group in groups:
        for word in group:
            pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
            if pattern.search(query):
                # Split and joined, not substituted: a synonym is text, not a template.
                spellings += [other.join(pattern.split(query)) for other in group if other != word]
                break
    return list(dict.fromkeys(spellings))[:MOST_SPELLINGS]
