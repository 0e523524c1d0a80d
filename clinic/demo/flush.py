"""Removes the demo clinic: exactly what it made, except what an editor has changed or uses."""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from wagtail.models import Page, ReferenceIndex

from clinic.demo import words
from clinic.models import ClinicImage, DemoRecord


def flush() -> Iterator[str]:
    """Remove what the demo made and restore what it filled in; yield for each thing why it stays, or nothing."""
    settings = words.read_clinic()
    with transaction.atomic():
        # Its users are removed first, so that their edits do not count as an editor's work; the settings last, when
        # their references to the demo's pages are empty.
        for record in sorted(DemoRecord.objects.order_by("-pk"), key=lambda record: record.key in settings):
            thing, stays = record.made, ""
            if thing is None:
                pass  # already deleted by an editor
            elif reason := reason_to_keep(thing, is_only_filled=record.before is not None):
                stays = f"{record.key} stays: {reason}."
            elif record.before is None:
                thing.delete()
            elif isinstance(thing, Page):
                thing.with_content_json(record.before).save_revision().publish()
            elif changed := restore(thing, record.before, settings[record.key]):
                stays = f"{record.key} keeps what was changed: {', '.join(changed)}."
            record.delete()
            yield stays


def reason_to_keep(thing: models.Model, *, is_only_filled: bool) -> str:
    """Return why something must stay because of an editor's own work; empty if it can be removed."""
    if isinstance(thing, Page):
        if thing.latest_revision and thing.latest_revision.user_id:
            return "it was edited"
        if not is_only_filled and thing.get_children().exists():
            return "pages below it stay"
    if isinstance(thing, ClinicImage) and ReferenceIndex.get_references_to(thing).exists():
        return "a page uses it"
    return ""


def restore(settings: models.Model, before: dict[str, Any], demo: dict[str, Any]) -> list[str]:
    """Set the fields to their values from before the demo; return the names of those changed since."""
    changed = []
    for field in settings._meta.concrete_fields:
        value = getattr(settings, field.attname)
        as_set = demo.get(field.name)
        as_set = as_set.strip() if isinstance(as_set, str) else as_set
        # A reference to one of the demo's pages was emptied when the page was deleted.
        is_the_demos = value is None if field.is_relation else value == as_set
        if field.name in before and is_the_demos:
            setattr(settings, field.attname, before[field.name])
        elif field.name in demo:
            changed.append(str(field.verbose_name))
    settings.save()
    return changed
