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

from clinic.frontend.css_rules import rules_for, without_unused_properties
from clinic.lib.http import read_only

LAYERS = ("tokens", "base", "layout", "components", "print")
OUR_APPS = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stylesheet:
    """`csp_source` is the sheet's name in the Content-Security-Policy."""

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
        """Changes with the sheet; part of its URL."""
        return self.digest.hex()[:12]

    @property
    def link(self) -> str:
        """The element that loads the sheet; meanwhile a browser shows what is above the element."""
        return f'<link rel="stylesheet" href="{reverse("stylesheet", args=[self.version])}">'

    def for_names(self, names: frozenset[str]) -> "Stylesheet":
        """Return the sheet without the rules for elements, classes or ids that are not among these names."""
        return _for_names(self, names)


@lru_cache(maxsize=128)
def _for_names(sheet: Stylesheet, names: frozenset[str]) -> Stylesheet:
    return Stylesheet(without_unused_properties(rules_for(sheet.text, names)))


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


@read_only
def serve_stylesheet(_request: HttpRequest, version: str) -> HttpResponse:
    """Serve the whole sheet, for the rules that long pages do not carry themselves."""
    sheet = stylesheet()
    caching = "public, max-age=31536000, immutable" if version == sheet.version else "no-cache"
    return HttpResponse(sheet.text, content_type="text/css; charset=utf-8", headers={"Cache-Control": caching})
