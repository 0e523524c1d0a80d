"""The one style sheet, inlined into every page so that the first response can be rendered at once.

Each of our apps contributes the files `static/<app>/css/<layer>.css` and `…/css/<layer>/*.css`, which are put
together layer by layer, without comments and spaces. A page carries only the rules that can apply to it
(`postprocess.py`), and its Content-Security-Policy allows exactly these by their hash. Rules are not nested, and work
in browsers of 2022 (iOS 15.4); newer properties need a fallback.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import rcssmin
from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clinic.lib.http import read_only

LAYERS = ("tokens", "base", "layout", "components", "print")
OUR_APPS = Path(__file__).resolve().parents[2]
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


@dataclass(frozen=True)
class Stylesheet:
    """`csp_source` is the sheet's name in the Content-Security-Policy."""

    text: str

    @property
    def element(self) -> SafeString:
        # It must be unescaped to match its hash in the policy.
        return mark_safe(f"<style>{self.text}</style>")  # noqa: S308  our own files, nothing that anyone typed

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def csp_source(self) -> str:
        return f"'sha256-{base64.b64encode(self.digest).decode()}'"

    @property
    def version(self) -> str:
        """Changes with the sheet; part of its URL."""
        return self.digest.hex()[:12]

    @property
    def link(self) -> SafeString:
        """The element that loads the sheet; meanwhile a browser shows what is above the element."""
        return format_html('<link rel="stylesheet" href="{}">', reverse("stylesheet", args=[self.version]))

    @lru_cache(maxsize=128)  # noqa: B019  a process has one whole sheet, for all its life
    def for_names(self, names: frozenset[str]) -> "Stylesheet":
        """Return the sheet without the rules for elements, classes or ids that are not among these names."""
        return Stylesheet(without_unused_properties(rules_for(self.text, names)))


def stylesheet() -> Stylesheet:
    """Return the whole sheet. It is read once, but in development on each call."""
    return _read() if settings.WHITENOISE_AUTOREFRESH else _read_once()


def _read() -> Stylesheet:
    layers = [f"@layer {layer} {{{''.join(path.read_text('utf-8') for path in files(layer))}}}" for layer in LAYERS]
    css = re.sub(r"static:([^\"]+)", lambda match: static(match[1]), "".join(layers))
    return Stylesheet(str(rcssmin.cssmin(css)).replace("</", "<\\/"))


_read_once = lru_cache(maxsize=1)(_read)


def files(layer: str) -> Iterator[Path]:
    """Yield the layer's files, those of clinic/ first."""
    for app in reversed([*apps.get_app_configs()]):
        if Path(app.path).parent == OUR_APPS:
            folder = Path(app.path, "static", app.label, "css")
            yield from [*folder.glob(f"{layer}.css"), *sorted(folder.glob(f"{layer}/*.css"))]


# The rules of a page. The sheet is flat CSS as `rcssmin` returns it: no comments, and no braces in strings.


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


@read_only
def serve_stylesheet(_request: HttpRequest, version: str) -> HttpResponse:
    """Serve the whole sheet, for the rules that long pages do not carry themselves."""
    sheet = stylesheet()
    caching = "public, max-age=31536000, immutable" if version == sheet.version else "no-cache"
    return HttpResponse(sheet.text, content_type="text/css; charset=utf-8", headers={"Cache-Control": caching})
