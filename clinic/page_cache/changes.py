"""What makes a new content version: every change that a visitor can see, from its commit on.

Drafts are not seen, nor are enquiries, people's accounts or the sizes that pictures are made in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_save
from modelcluster.fields import ParentalKey
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move
from wagtail.snippets.models import get_snippet_models

from clinic.models import ClinicDetails, ContentVersion, LocationPage
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
# In an outage an outdated page is better than none, but not one with a number that nobody answers any more.
WHOM_TO_CALL = (ClinicDetails, LocationPage)


def connect() -> None:
    pre_save.connect(_about_to_be_saved, dispatch_uid="page-cache")
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


def _about_to_be_saved(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    """Find out that a page is being taken away: afterwards its row looks like that of a page that never was live.

    Wagtail's editor saves the whole row of such a page with every draft, twice a second while somebody writes.
    """
    fields = kwargs.get("update_fields")
    if raw or not isinstance(instance, Page) or instance.live or (fields and "live" not in fields):
        return
    if Page.objects.filter(pk=instance.pk, live=True).exists():
        _taken_away()


def _saved(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    fields = kwargs.get("update_fields")
    if raw or not is_shown(sender) or (fields and OF_DRAFTS.issuperset(fields)) or not _is_live(instance):
        return
    if isinstance(instance, WHOM_TO_CALL):
        _taken_away()
    else:
        renew_on_commit()


def _deleted(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if is_shown(sender) and _is_live(instance):
        renew_on_commit()
        if isinstance(instance, Page):
            _taken_away()


def _taken_away(**_kwargs: Any) -> None:
    """Renew, and remove the copies on disk: an outage must not bring back what was taken away."""
    renew_on_commit()
    if not _waits(_forget_copies):
        transaction.on_commit(_forget_copies, robust=True)


def renew_on_commit() -> None:
    """Make a new version that holds from the commit on, once however much this transaction changes.

    It is written within the transaction: a change is never committed without it, whatever breaks in that moment, and
    one that is taken back takes it along. On PostgreSQL two who publish at once wait for each other's row; where
    each needed a page of the other's, one of them would be told to try again.
    """
    if not _waits(_renewed):
        ContentVersion.renew()
        transaction.on_commit(_renewed)


def _renewed() -> None:
    """Mark a transaction that has renewed the version already."""


def _waits(work: Callable[[], None]) -> bool:
    """Say whether this transaction does so already when it is committed; a savepoint taken back forgets it."""
    return any(waiting is work for _savepoints, waiting, _robust in transaction.get_connection().run_on_commit)


def _forget_copies() -> None:
    # The new version holds by now: who draws a page of the old one finds that it is old and keeps nothing.
    Disk(Path(settings.PAGE_COPIES_DIR)).clear()
