"""Takes the demo clinic away again: exactly what it made, and nothing that holds an editor's own work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from wagtail.models import Page, ReferenceIndex

from clinic.demo import words
from clinic.models import ClinicImage, DemoRecord

if TYPE_CHECKING:
    from collections.abc import Callable


def flush(tell: Callable[[str], None]) -> list[str]:
    """Remove what the demo made, give back what it filled in; return a sentence for each thing that had to stay."""
    kept, settings = [], words.read_clinic()
    with transaction.atomic():
        # Its people go first: what they tried out on its pages then counts as nobody's work. The settings come last:
        # their references to its pages are empty by then.
        for record in sorted(DemoRecord.objects.order_by("-pk"), key=lambda record: record.key in settings):
            tell(record.key)
            thing = record.made
            if thing is None:
                pass  # somebody has removed it already
            elif reason := reason_to_keep(thing, is_only_filled=record.before is not None):
                kept.append(f"{record.key} stays: {reason}.")
            elif record.before is None:
                thing.delete()
            elif isinstance(thing, Page):
                thing.with_content_json(record.before).save_revision().publish()
            elif changed := give_back(thing, record.before, settings[record.key]):
                kept.append(f"{record.key} keeps what somebody has changed: {', '.join(changed)}.")
            record.delete()
    return kept


def reason_to_keep(thing: models.Model, *, is_only_filled: bool) -> str:
    """Say why something of the demo cannot go: somebody's own work is in it. Empty when there is no reason."""
    if isinstance(thing, Page):
        if thing.latest_revision and thing.latest_revision.user_id:
            return "somebody has edited it"
        if not is_only_filled and thing.get_children().exists():
            return "there are pages below it that stay"
    if isinstance(thing, ClinicImage) and ReferenceIndex.get_references_to(thing).exists():
        return "a page uses it"
    return ""


def give_back(settings: models.Model, before: dict[str, Any], demo: dict[str, Any]) -> list[str]:
    """Set the fields as they were before the demo came; return the names of those that somebody has changed since."""
    changed = []
    for field in settings._meta.concrete_fields:
        value = getattr(settings, field.attname)
        # A reference to one of the demo's pages has become empty with the page.
        is_the_demos = value is None if field.is_relation else value == plain(demo.get(field.name))
        if field.name in before and is_the_demos:
            setattr(settings, field.attname, before[field.name])
        elif field.name in demo:
            changed.append(str(field.verbose_name))
    settings.save()
    return changed


def plain(value: Any) -> Any:
    """Return the value as the demo sets it."""
    return value.strip() if isinstance(value, str) else value
