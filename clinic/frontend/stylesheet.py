"""The one style sheet, inlined into every page so that the first answer can be drawn at once.

`css/site.css` lists its parts as `@import url("…") layer(…);`. They are put together in that order, without
comments and blanks. Each page carries only the rules that can apply to it (`clinic/finishing.py`), and its
Content-Security-Policy allows exactly these by their hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import rcssmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.frontend.css_rules import Rules, parse, without_unused_properties

if TYPE_CHECKING:
    from collections.abc import Iterable

SHEET = "clinic/css/site.css"
_IMPORT = re.compile(r'@import url\("(?P<part>[^"]+)"\)(?: layer\((?P<layer>[\w.-]+)\))?;')


@dataclass(frozen=True)
class Stylesheet:
    """`text` as it stands in the page; `csp_source` as the policy names it."""

    text: str

    @property
    def element(self) -> str:
        return f"<style>{self.text}</style>"

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def csp_source(self) -> str:
        return f"'sha256-{base64.b64encode(self.digest).decode()}'"

    @property
    def version(self) -> str:
        """A word that changes with the sheet, for its address."""
        return self.digest.hex()[:12]

    @property
    def link(self) -> str:
        """The element that fetches the sheet; a browser shows what stands above it in the meantime."""
        return f'<link rel="stylesheet" href="{reverse("stylesheet", args=[self.version])}">'

    @cached_property
    def rules(self) -> Rules:
        return parse(self.text)

    def for_names(self, names: frozenset[str]) -> Stylesheet:
        """Return the sheet without the rules whose elements, classes or ids a page of these names does not have."""
        return _for_names(self, names)


@lru_cache(maxsize=128)
def _for_names(sheet: Stylesheet, names: frozenset[str]) -> Stylesheet:
    return Stylesheet(without_unused_properties(sheet.rules.for_names(names)))


def stylesheet() -> Stylesheet:
    """Return the sheet: read once, or anew on each call while developing.

    Raises `FileNotFoundError` when a part is missing.
    """
    return _read() if settings.DEBUG else _read_once()


@lru_cache(maxsize=1)
def _read_once() -> Stylesheet:
    return _read()


def _read() -> Stylesheet:
    found = finders.find(SHEET)
    if not isinstance(found, str):
        raise FileNotFoundError(SHEET)
    path = Path(found)
    text = path.read_text("utf-8")
    imports = [(match["layer"], (path.parent / match["part"]).read_text("utf-8")) for match in _IMPORT.finditer(text)]
    whole = _IMPORT.sub("", text) + "".join(_layers(imports))
    return Stylesheet(str(rcssmin.cssmin(whole)).replace("</", "<\\/"))


def _layers(parts: Iterable[tuple[str | None, str]]) -> Iterable[str]:
    """Yield neighbours of one layer as one block."""
    for layer, neighbours in groupby(parts, key=lambda part: part[0]):
        rules = "".join(rules for _layer, rules in neighbours)
        yield f"@layer {layer} {{{rules}}}" if layer else rules


@require_safe
def serve_stylesheet(_request: HttpRequest, version: str) -> HttpResponse:
    """Answer with the whole sheet, for what long pages do not carry themselves; kept for good under its own version."""
    sheet = stylesheet()
    kept = "public, max-age=31536000, immutable" if version == sheet.version else "no-cache"
    return HttpResponse(sheet.text, content_type="text/css; charset=utf-8", headers={"Cache-Control": kept})
