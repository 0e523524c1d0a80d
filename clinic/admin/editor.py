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
    """Wagtail's editor, with the form's initial value written exactly as the browser will write it.

    Wagtail sends the same content in a different layout, and the browser rewrites it when the editor starts. On a slow
    machine this counted as a change, which was then saved as a draft that nobody had made.
    """

    def format_value(self, value: Any) -> str:
        content = json.loads(super().format_value(value))
        entities = {key: _pick(entity, ENTITY) for key, entity in content["entityMap"].items()}
        blocks = [
            _pick(block, BLOCK) | {"entityRanges": [_pick(one, ENTITY_RANGE) for one in block["entityRanges"]]}
            for block in content["blocks"]
        ]
        return json.dumps({"blocks": blocks, "entityMap": entities}, ensure_ascii=False, separators=(",", ":"))


# The keys of Draft.js's content state, in the order in which Draftail's JavaScript writes them.
BLOCK = ("key", "text", "type", "depth", "inlineStyleRanges", "entityRanges", "data")
ENTITY = ("type", "mutability", "data")
ENTITY_RANGE = ("offset", "length", "key")


def _pick(source: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: source.get(name, {}) for name in names}


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
