"""Links from rich text to pages, from the page tree: Wagtail asks at least two queries for every paragraph with one.

A link to a page that is not live is no link.
"""

from __future__ import annotations

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from clinic.page_tree import page_tree


class LivePageLinkHandler(PageLinkHandler):
    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        tree = page_tree()
        linked = [tree.by_number.get(number_in(attrs)) for attrs in attrs_list]
        return [f'<a href="{escape(place.url)}">' if place else "<a>" for place in linked]


def number_in(attributes: dict[str, str]) -> int:
    """Return the number of the page that a link names; 0 when what stands there is none."""
    try:
        return int(attributes["id"])
    except (KeyError, ValueError):
        return 0
