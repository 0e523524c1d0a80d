"""The rules of our style sheet that can apply to a page.

The sheet is flat CSS as `rcssmin` returns it: no nested rules, no comments, no braces in strings.
"""

import re
from functools import lru_cache

_ELEMENT = re.compile(r"<([a-z][a-z0-9-]*)")
# No leading `\b`: patterns that begin with plain letters match ten times as fast.
_CLASSES = re.compile(r"""class=["']?([^"'>]*)""")
_IDS = re.compile(r"""id=["']?([^"'>\s]+)""")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^()]*\)")
_PSEUDO = re.compile(r"::?[\w-]+")
_NAME = re.compile(r"[.#]?[a-zA-Z_][\w-]*")
# An at-rule that stays as it is, or the selectors and the declarations of a rule.
_RULE = re.compile(
    r"@(?:font-face|keyframes|page|property)[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|([^{};@]+)(\{[^{}]*\})"
)
_EMPTY_GROUP = re.compile(r"@[^{};]+\{\}")
_PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*;?")
_USED = re.compile(r"var\((--[\w-]+)")


def names_in(html: str) -> frozenset[str]:
    """Return the elements, classes and ids of the page (`p`, `.lead`, `#main`), possibly a few too many."""
    names = set(_ELEMENT.findall(html))
    for classes in set(_CLASSES.findall(html)):
        names.update(f".{name}" for name in classes.split())
    names.update(f"#{name}" for name in _IDS.findall(html))
    return frozenset(names)


def rules_for(css: str, names: frozenset[str]) -> str:
    """Return the rules that can apply to a page with these names."""
    pieces = []
    for before, selectors, declarations in _parsed(css):
        kept = ",".join(selector for selector, needed in selectors if needed <= names)
        pieces += [before, kept and kept + declarations]
    css = "".join(pieces)
    while (less := _EMPTY_GROUP.sub("", css)) != css:
        css = less
    return css


@lru_cache(maxsize=2)
def _parsed(css: str) -> list[tuple[str, list[tuple[str, frozenset[str]]], str]]:
    """Return for each rule what is before it, its selectors with the names that each needs, and its declarations."""
    rules, end = [], 0
    for rule in _RULE.finditer(css):
        if rule[1]:
            selectors = [(selector, names_of(selector)) for selector in _split(rule[1])]
            rules.append((css[end : rule.start()], selectors, rule[2]))
            end = rule.end()
    return [*rules, (css[end:], [], "")]


def _split(head: str) -> list[str]:
    """Split at commas that are not inside brackets."""
    selectors, depth = [""], 0
    for character in head:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            selectors.append("")
        else:
            selectors[-1] += character
    return selectors


def names_of(selector: str) -> frozenset[str]:
    """Return the names that a page must have for the selector to match anything.

    Names in brackets do not count: `:not(.card)` also matches on a page without cards.
    """
    while (bare := _BRACKETS.sub("", selector)) != selector:
        selector = bare
    return frozenset(_NAME.findall(_PSEUDO.sub("", selector)))


def without_unused_properties(css: str) -> str:
    """Return the CSS without custom properties (`--sky: …`) that nothing in it uses."""
    used = set(_USED.findall(css))
    less = _PROPERTY.sub(lambda match: match[0] if match[1] in used else "", css)
    # The removed properties may have been the last use of others.
    return css if less == css else without_unused_properties(less)
