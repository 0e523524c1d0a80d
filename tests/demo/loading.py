"""Loading the demo clinic, and telling what it changed."""

from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db.models import Model
from wagtail.fields import StreamField
from wagtail.models import Page

from clinic.demo import words
from tests import factories

PICTURES = words.PICTURES  # the real ones: for the loaded demo there are smaller ones
PATHS = [page["path"] for page in words.read_pages()]
# All but the list of locations, which leads to the only one.
DRAWN = [path for path in PATHS if path != "/locations/"]
# Rows that tell what was done, or that are made from other rows.
NOT_CONTENT = {
    "clinic.ContentVersion",
    "clinic.DemoRecord",
    "clinic.SearchEntry",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.PageLogEntry",
    "wagtailcore.Revision",
    "wagtailcore.ReferenceIndex",
    "wagtailsearch.IndexEntry",
    "wagtailsearch.SQLiteFTSIndexEntry",
}


def small_pictures(folder: Path, width: int, height: int) -> Path:
    """Fill the folder with plain pictures named as those of the demo, whose renditions are made quickly."""
    for name in words.read_pictures():
        (folder / f"{name}.jpg").write_bytes(factories.jpeg(width, height))
    return folder


def load(*options: str) -> str:
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def page_at(path: str) -> Page:
    return Page.objects.get(url_path=factories.home_page().url_path + path.removeprefix("/")).specific


def everything(*, without: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, by the name of its model."""
    models = (model for model in apps.get_models() if model._meta.managed and model._meta.label not in without)
    return {model._meta.label: [columns(row) for row in model._base_manager.order_by("pk")] for model in models}


def columns(row: Model) -> dict[str, Any]:
    """Return the values of the row's own columns and of its parents', streams as text."""
    return {
        field.name: field.value_to_string(row) if isinstance(field, StreamField) else getattr(row, field.attname)
        for field in row._meta.concrete_fields
    }
