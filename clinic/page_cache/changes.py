"""What makes a new content version: every change that a visitor can see, once it is committed.

Drafts are not seen, nor are enquiries, people's accounts or the sizes that pictures are made in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from modelcluster.fields import ParentalKey
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move
from wagtail.snippets.models import get_snippet_models

from clinic.kept import read_anew
from clinic.models import ContentVersion
from clinic.page_cache.disk import Disk

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = (Page, Site, Redirect, BaseSiteSetting, BaseGenericSetting, AbstractImage, AbstractDocument)
# What Wagtail writes into a page's row when only a draft was saved, or the page was locked.
OF_DRAFTS = {
    "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes",
    "locked", "locked_by", "locked_at",
}  # fmt: skip
WAGTAILS_OWN = "wagtailcore"


def connect() -> None:
    post_save.connect(_saved, dispatch_uid="page-cache")
    post_delete.connect(_deleted, dispatch_uid="page-cache")
    # Publishing and unpublishing save the page. Moving writes past the model, also for the pages below; a slug
    # changes their addresses too.
    for signal in (post_page_move, page_slug_changed):
        signal.connect(_taken_away, dispatch_uid="page-cache")


def is_shown(model: type[models.Model]) -> bool:
    """Say whether visitors see rows of this model: pages, what belongs to a page, settings, snippets, pictures."""
    if issubclass(model, SHOWN) or model in get_snippet_models():
        return True
    return model._meta.app_label != WAGTAILS_OWN and _owner_field(model) is not None


def _owner_field(model: type[models.Model]) -> ParentalKey | None:
    return next((field for field in model._meta.get_fields() if isinstance(field, ParentalKey)), None)


def _is_live(instance: models.Model) -> bool:
    """Say whether visitors see it: a draft and its rows are not seen; what has no draft state always is."""
    field = _owner_field(type(instance))
    if field is not None and not isinstance(instance, Page):
        # Asks for the page only where it is at hand; else it counts as seen.
        instance = field.get_cached_value(instance, default=None)
    return bool(getattr(instance, "live", True))


def _saved(sender: type[models.Model], instance: models.Model, created: bool, raw: bool = False, **kwargs: Any) -> None:
    fields = kwargs.get("update_fields")
    if raw or not is_shown(sender) or (fields and OF_DRAFTS.issuperset(fields)):
        return
    if _is_live(instance):
        renew_on_commit()
    elif not created and isinstance(instance, Page):
        _taken_away()


def _deleted(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if is_shown(sender) and _is_live(instance):
        renew_on_commit()
        if isinstance(instance, Page):
            _taken_away()


def _taken_away(**_kwargs: Any) -> None:
    """Renew, and remove the copies on disk: an outage must not bring back what was taken away."""
    _once_on_commit(_renew_and_forget)


def renew_on_commit() -> None:
    """Make a new version when this transaction is committed, once however much it changes.

    After the commit and not within it: two editors who publish at once would wait for each other's row. If the
    process is killed in between, the copies end at midnight.
    """
    _once_on_commit(_renew)


def _once_on_commit(work: Callable[[], None]) -> None:
    read_anew()
    if all(waiting is not work for _savepoints, waiting, _robust in transaction.get_connection().run_on_commit):
        transaction.on_commit(work, robust=True)


def _renew() -> None:
    ContentVersion.renew()
    read_anew()


def _renew_and_forget() -> None:
    # The new version comes first: who draws a page of the old one then finds that it is old and keeps nothing.
    _renew()
    Disk(Path(settings.PAGE_COPIES_DIR)).clear()
