"""Links from rich text to pages, all of one page's body by one query.

Wagtail asks at least two for every paragraph that holds a link. A link to a page that is not live is no link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.rich_text.rewriters import FIND_A_TAG, extract_attrs

# The pages that links of the body being rendered lead to, by id as text; pages that are not live are left out.
_known: ContextVar[dict[str, Page | None]] = ContextVar("known_pages", default={})  # noqa: B039 (never changed in place)


class LivePageLinkHandler(PageLinkHandler):
    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Page | None]:
        ids = [attrs.get("id", "") for attrs in attrs_list]
        known = _known.get()
        asked = live_pages(set(ids) - known.keys())
        return [known[pk] if pk in known else asked.get(pk) for pk in ids]


@contextmanager
def links_known(body: StreamValue) -> Iterator[None]:
    """Fetch every page that the body's rich text links to, for as long as the body is rendered."""
    ids = {pk for text in rich_texts(body) for pk in linked_ids(text)}
    token = _known.set({**dict.fromkeys(ids), **live_pages(ids)})
    try:
        yield
    finally:
        _known.reset(token)


def live_pages(ids: set[str]) -> dict[str, Page]:
    """Return the live pages among these ids, as plain pages: their addresses are all that is needed."""
    numbers = [pk for pk in ids if pk.isdecimal()]
    if not numbers:
        return {}
    return {str(page.pk): page for page in Page.objects.live().filter(pk__in=numbers)}


def linked_ids(html: str) -> list[str]:
    """Return the ids of the pages that this rich text links to."""
    links = (extract_attrs(attributes) for attributes in FIND_A_TAG.findall(html))
    return [link.get("id", "") for link in links if link.get("linktype") == "page"]


def rich_texts(value: Any) -> Iterator[str]:
    """Return the HTML of every rich text in a block's value, however deep."""
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, StreamValue):
        for child in value:
            yield from rich_texts(child.value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from rich_texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from rich_texts(inner)
