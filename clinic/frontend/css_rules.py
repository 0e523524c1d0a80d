"""Parse our style sheet, and select the rules that can apply to a page.

The input is flat CSS as `rcssmin` returns it: no nested rules, no comments, no braces in strings.
"""

import re
from dataclasses import dataclass
from typing import Self

# At-rules whose block holds further rules.
GROUPS = ("@layer", "@media", "@supports", "@container")
_ELEMENT = re.compile(r"<([a-z][a-z0-9-]*)")
# No leading `\b`: patterns that begin with plain letters match ten times as fast.
_CLASSES = re.compile(r"""class=["']?([^"'>]*)""")
_IDS = re.compile(r"""id=["']?([^"'>\s]+)""")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^()]*\)")
_PSEUDO = re.compile(r"::?[\w-]+")
_NAME = re.compile(r"[.#]?[a-zA-Z_][\w-]*")
_PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*;?")
_USED = re.compile(r"var\((--[\w-]+)")


def names_in(html: str) -> frozenset[str]:
    """Return the elements, classes and ids of the page (`p`, `.lead`, `#main`), possibly a few too many."""
    names = set(_ELEMENT.findall(html))
    for classes in set(_CLASSES.findall(html)):
        names.update(f".{name}" for name in classes.split())
    names.update(f"#{name}" for name in _IDS.findall(html))
    return frozenset(names)


def names_of(selector: str) -> frozenset[str]:
    """Return the names that a page must have for the selector to match anything.

    Names in brackets do not count: `:not(.card)` also matches on a page without cards.
    """
    while (bare := _BRACKETS.sub("", selector)) != selector:
        selector = bare
    return frozenset(_NAME.findall(_PSEUDO.sub("", selector)))


@dataclass(frozen=True)
class Rule:
    """Selectors with the names that each needs, and their declarations; or a whole at-rule without selectors."""

    selectors: tuple[tuple[str, frozenset[str]], ...]
    text: str

    def for_names(self, names: frozenset[str]) -> str:
        if not self.selectors:
            return self.text
        selectors = ",".join(selector for selector, needed in self.selectors if needed <= names)
        return f"{selectors}{{{self.text}}}" if selectors else ""


@dataclass(frozen=True)
class Rules:
    """The rules inside one pair of braces, or the whole sheet, which has no `head`."""

    head: str
    parts: tuple[Rule | Self, ...]

    def for_names(self, names: frozenset[str]) -> str:
        """Return the CSS of the rules that can apply to a page with these names."""
        inner = "".join(part.for_names(names) for part in self.parts)
        return f"{self.head}{{{inner}}}" if self.head and inner else inner


def parse(css: str, head: str = "") -> Rules:
    """Return the sheet's rules. Raises `ValueError` when its braces do not match."""
    parts: list[Rule | Rules] = []
    position = 0
    while position < len(css):
        opening, semicolon = css.find("{", position), css.find(";", position)
        if css[position] == "@" and semicolon != -1 and not -1 < opening < semicolon:
            parts.append(Rule((), css[position : semicolon + 1]))
            position = semicolon + 1
            continue
        closing = _closing(css, opening)
        before, block = css[position:opening], css[opening + 1 : closing]
        position = closing + 1
        if before.startswith(GROUPS):
            parts.append(parse(block, before))
        elif before.startswith("@"):
            parts.append(Rule((), f"{before}{{{block}}}"))
        else:
            parts.append(Rule(tuple((one, names_of(one)) for one in _selectors(before)), block))
    return Rules(head, tuple(parts))


def _selectors(head: str) -> list[str]:
    """Split at commas that are not inside brackets."""
    selectors = [""]
    depth = 0
    for character in head:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            selectors.append("")
        else:
            selectors[-1] += character
    return selectors


def _closing(css: str, opening: int) -> int:
    depth = 0
    for brace in re.compile("[{}]").finditer(css, max(opening, 0)):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0 and opening != -1:
            return brace.start()
    raise ValueError(f"Unbalanced brace: {css[opening : opening + 40]!r}")


def without_unused_properties(css: str) -> str:
    """Return the CSS without custom properties (`--sky: …`) that nothing in it uses."""
    used = set(_USED.findall(css))
    less = _PROPERTY.sub(lambda match: match[0] if match[1] in used else "", css)
    # The removed properties may have been the last use of others.
    return css if less == css else without_unused_properties(less)
