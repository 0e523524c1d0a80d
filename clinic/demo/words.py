"""The demo clinic's texts: data files beside this module, turned into the values of model fields.

A file in `pages/` is one page. Its keys are field names, except `type` (the page's model), `path` and `order`. A
reference to another page is its path, a picture its name, a date may be given as `<field>_days_from_now`; links within
rich text are written `href="page:/fees/"`.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.blocks import StreamBlock, StreamValue
from wagtail.fields import StreamField

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
DAYS_FROM_NOW = "_days_from_now"
NOT_FIELDS = {"type", "path", "order"}
REFERENCES = {"page": "page", "image": "picture"}
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


def with_dates(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of fields alone; each `<field>_days_from_now` as the field's date."""
    today = timezone.localdate()
    return {
        name.removesuffix(DAYS_FROM_NOW): today + timedelta(days=value) if name.endswith(DAYS_FROM_NOW) else value
        for name, value in values.items()
        if name not in NOT_FIELDS
    }


def field_values(model: type[models.Model], data: Mapping[str, Any], find: Find) -> dict[str, Any]:
    """Return what to set on an instance of `model`: plain values, ids of references, streams and child rows.

    Raises `FieldDoesNotExist` for a key that is not a field, `KeyError` for a page or picture that does not exist.
    """
    values: dict[str, Any] = {}
    for name, value in with_dates(data).items():
        field = model._meta.get_field(name)
        if isinstance(field, StreamField):
            values[name] = stream(field.stream_block, value, find)
        elif isinstance(field, models.ManyToOneRel):
            child = field.related_model
            values[name] = [child(sort_order=n, **field_values(child, row, find)) for n, row in enumerate(value)]
        elif isinstance(field, models.ForeignKey):
            kind = "picture" if field.related_model._meta.model_name == "clinicimage" else "page"
            values[field.attname] = find(kind, value)
        else:
            values[name] = rich_text(value, find) if isinstance(value, str) else value
    return values


def plain_values(model: type[models.Model], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that refer to nothing else, enough to make the row before the rows it refers to."""
    plain = {}
    for name, value in with_dates(data).items():
        field = model._meta.get_field(name)
        if field.concrete and not field.is_relation and not isinstance(field, StreamField):
            plain[name] = value
    return plain


def stream(block: StreamBlock, items: list[dict[str, Any]], find: Find) -> StreamValue:
    """Return a stream of `{type, value}` items, or of bare values where only one type of block is allowed."""
    only_type = next(iter(block.child_blocks))
    raw = [item if "type" in item else {"type": only_type, "value": item} for item in items]
    return block.to_python([{"type": item["type"], "value": block_value(item["value"], find)} for item in raw])


def block_value(value: Any, find: Find, name: str = "") -> Any:
    """Return a block's raw value with every reference in it replaced by an id."""
    if isinstance(value, dict):
        return {key: block_value(inner, find, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [block_value(inner, find, name) for inner in value]
    if isinstance(value, str):
        return find(REFERENCES[name], value) if name in REFERENCES else rich_text(value, find)
    return value


def rich_text(text: str, find: Find) -> str:
    """Return the text, stripped, with its links to paths as Wagtail stores links to pages."""
    return _PAGE_LINK.sub(lambda link: f'linktype="page" id="{find("page", link["path"])}"', text).strip()
