"""The demo clinic's texts: data files beside this module, turned into what pages are made from.

A file in `pages/` is one page. Its keys are field names, except `type` (the page's model), `path` and `order`. The text
`page:/fees/` stands for the id of that page, `picture:needle` for that of a picture, `today+30` for a date. Links
within rich text are written `href="page:/fees/"`.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
_REFERENCE = re.compile(r"(page|picture):(\S+)")
_DATE = re.compile(r"today([+-]\d+)")
_PAGE_LINK = re.compile(r'href="page:(?P<path>[^"]+)"')

# From the kind of a reference ("page" or "picture") and its name to the row's id.
Find = Callable[[str, str], int]


def read_pages() -> list[dict[str, Any]]:
    """Return the pages' data, parents before their children."""
    pages = [tomllib.loads(file.read_text("utf-8")) for file in sorted((HERE / "pages").glob("*.toml"))]
    # Within a level, in the order of the home page and the menu.
    return sorted(pages, key=lambda page: (page["path"].count("/"), page.get("order", 99)))


def read_pictures() -> dict[str, dict[str, Any]]:
    """Return description and focal point (x and y of its centre, width, height) by the name of the picture's file."""
    return tomllib.loads((HERE / "pictures.toml").read_text("utf-8"))


def read_clinic() -> dict[str, dict[str, Any]]:
    """Return the site settings: `details` and `search_words`."""
    return tomllib.loads((HERE / "clinic.toml").read_text("utf-8"))


def resolved(value: Any, find: Find) -> Any:
    """Return the data with ids in place of references, at any depth, and dates. `KeyError` for what does not exist."""
    if isinstance(value, dict):
        return {key: resolved(inner, find) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, find) for inner in value]
    if not isinstance(value, str):
        return value
    if reference := _REFERENCE.fullmatch(value):
        return find(*reference.groups())
    if date := _DATE.fullmatch(value):
        return str(timezone.localdate() + timedelta(days=int(date[1])))
    return _PAGE_LINK.sub(lambda link: f'linktype="page" id="{find("page", link["path"])}"', value).strip()
