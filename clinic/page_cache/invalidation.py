"""When cached responses are outdated: after a change that visitors can see, or when their time is over.

A change makes a new content version when it is committed; drafts, enquiries, people's accounts and renditions of
pictures do not. While a page is rendered, it says until when it is true.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move
from wagtail.snippets.models import get_snippet_models

from clinic.models import ClinicDetails, ContentVersion, LocationPage
from clinic.models.editing import DRAFT_COLUMNS
from clinic.page_cache.store import remove_files

EXPIRES_AT = "clinic.expires_at"
PUBLIC_MODELS = (Page, Site, Redirect, BaseSiteSetting, BaseGenericSetting, AbstractImage)
# During an outage an outdated page is better than none, but not one with a phone number that is no longer answered.
CONTACT_MODELS = (ClinicDetails, LocationPage)


def connect() -> None:
    pre_save.connect(_before_save, dispatch_uid="page-cache")
    post_save.connect(_saved, dispatch_uid="page-cache")
    post_delete.connect(_deleted, dispatch_uid="page-cache")
    # Both change addresses, also of the pages below, without saving those.
    for signal in (post_page_move, page_slug_changed):
        signal.connect(_removed, dispatch_uid="page-cache")


def _is_public(model: type[models.Model]) -> bool:
    """Say whether visitors see rows of this model: pages and their children, settings, snippets, pictures."""
    is_child = model._meta.app_label != "wagtailcore" and _parental_key(model) is not None
    return is_child or issubclass(model, PUBLIC_MODELS) or model in get_snippet_models()


def _parental_key(model: type[models.Model]) -> ParentalKey | None:
    return next((field for field in model._meta.get_fields() if isinstance(field, ParentalKey)), None)


def _is_live(instance: models.Model) -> bool:
    """Say whether visitors see this row: not if it is a draft, or belongs to a page that is, or that is itself just
    being saved as a whole.
    """
    field = _parental_key(type(instance))
    if field is not None and not isinstance(instance, Page):
        # Looks only at a page that is already loaded; otherwise the row counts as seen.
        instance = field.get_cached_value(instance, default=None)
        if getattr(instance, "saves_its_rows", False):
            return False
    return bool(getattr(instance, "live", True))


def _before_save(instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    """Find out whether a page is being unpublished; when it is saved, its row is like that of any draft."""
    columns = kwargs.get("update_fields")
    if raw or not isinstance(instance, Page) or instance.live or (columns and "live" not in columns):
        return
    if Page.objects.filter(pk=instance.pk, live=True).exists():
        _removed()


def _saved(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    columns = kwargs.get("update_fields")
    if raw or not _is_public(sender) or (columns and DRAFT_COLUMNS.issuperset(columns)) or not _is_live(instance):
        return
    if isinstance(instance, CONTACT_MODELS):
        _removed()
    else:
        ContentVersion.renew()


def _deleted(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if _is_public(sender) and _is_live(instance):
        if isinstance(instance, Page):
            _removed()
        else:
            ContentVersion.renew()


def _removed(**_kwargs: Any) -> None:
    """Invalidate, and remove the pages on disk: an outage must not bring back what was unpublished."""
    ContentVersion.renew(is_withdrawal=True)
    # Other servers remove theirs when they read the version. It is committed by then: a process that is rendering a
    # page of the old one will not save it.
    transaction.on_commit(lambda: remove_files(Path(settings.PAGE_COPIES_DIR)), robust=True)


def expires_at(request: HttpRequest | None, moment: datetime | None) -> None:
    """Call while a page is rendered: what it shows is true until `moment` (aware)."""
    if request is not None and moment is not None:
        request.META.setdefault(EXPIRES_AT, []).append(moment)


def earliest_expiry(environ: Mapping[str, Any], now: datetime) -> datetime:
    """Return the earliest moment given for this request; at the latest midnight, when licences, reviews and closures
    begin or end.
    """
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min([midnight, *environ.get(EXPIRES_AT, [])])
