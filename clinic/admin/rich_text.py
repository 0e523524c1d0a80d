"""Rich text: its editor, and its links.

Links to pages come from the page tree: Wagtail asks at least two queries for every paragraph with one. A link to a page
that is not live is no link.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import escape
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.rich_text.pages import PageLinkHandler

from clinic.page_tree import page_tree


class RichTextEditor(DraftailRichTextArea):
    """Wagtail's own, whose text stands in the form as the browser writes it, letter for letter.

    Wagtail sends the same in another layout; the browser writes it anew as soon as the editor runs. On a slow machine
    that came after the form was first looked at: it counted as a change, and was saved as a draft that nobody wrote.
    """

    def format_value(self, value: Any) -> str:
        return as_the_browser_writes(json.loads(super().format_value(value)))


def as_the_browser_writes(text: dict[str, Any]) -> str:
    """Return a content state of Draft.js as Draftail's JavaScript writes it: the same keys in the same order."""
    entities = {
        key: {"type": entity["type"], "mutability": entity["mutability"], "data": entity["data"]}
        for key, entity in text["entityMap"].items()
    }
    blocks = [
        {
            "key": block["key"],
            "text": block["text"],
            "type": block["type"],
            "depth": block["depth"],
            "inlineStyleRanges": block["inlineStyleRanges"],
            "entityRanges": [
                {name: one[name] for name in ("offset", "length", "key")} for one in block["entityRanges"]
            ],
            "data": {},
        }
        for block in text["blocks"]
    ]
    return json.dumps({"blocks": blocks, "entityMap": entities}, ensure_ascii=False, separators=(",", ":"))


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
