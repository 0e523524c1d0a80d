"""`{% kept "footer" nav.key %} … {% endkept %}`: a part that many pages share, drawn once for each content version.

The words after the tag's name are everything that it depends on besides the content version and the day. Where one of
them is None, such as without a database, it is drawn each time. What depends on the hour has no place in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from clinic.kept import kept as kept_value

if TYPE_CHECKING:
    from django.template import Context
    from django.template.base import FilterExpression, NodeList, Parser, Token

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, part: NodeList, words: list[FilterExpression]) -> None:
        self.part = part
        self.words = words

    def render(self, context: Context) -> str:
        key = tuple(word.resolve(context, ignore_failures=True) for word in self.words)
        if None in key:
            return str(self.part.render(context))
        return kept_value((KeptNode, *key), lambda: str(self.part.render(context)))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    _tag, *words = token.split_contents()
    part = parser.parse(["endkept"])
    parser.delete_first_token()
    return KeptNode(part, [parser.compile_filter(word) for word in words])
