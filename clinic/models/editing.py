"""Pages and their rows as the editor opens and saves them, with half of the queries that Wagtail alone would take."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.functional import cached_property
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Orderable, Page, ReferenceIndex, Revision, Workflow
from wagtail.signal_handlers import disable_reference_index_auto_update, reference_index_auto_update_disabled

# The columns that Wagtail writes when a draft is saved or the page is locked.
DRAFT_COLUMNS = frozenset({
    "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes",
    "locked", "locked_by", "locked_at", COMMENTS_RELATION_NAME,
})  # fmt: skip
# What `Page.with_content_json` takes from the page itself.
NOT_FROM_REVISIONS = {"alias_of", "content_type", "latest_revision", "locale", "locked_by", "owner"}


def checked_elsewhere(model: models.Model) -> set[str]:
    """Return the fields not to check again: foreign keys are looked up by the form and when a revision is read, and
    checked by the database; the place in the tree is Wagtail's own.
    """
    keys = {field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}
    return keys | {"path", "translation_key"}


class PageRow(Orderable):
    """One of several links of a page, edited with it."""

    class Meta(Orderable.Meta):
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        kwargs["exclude"] = checked_elsewhere(self).union(kwargs.get("exclude") or ())
        super().full_clean(*args, **kwargs)


class PageWithRows(Page):
    # True while the page and its rows are saved together.
    saves_its_rows = False

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        kwargs["exclude"] = checked_elsewhere(self).union(kwargs.get("exclude") or ())
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Bring the reference index up to date once, not again for each row, and not for a draft."""
        columns = kwargs.get("update_fields")
        self.saves_its_rows = columns is None
        is_other_change = columns is not None and not DRAFT_COLUMNS.issuperset(columns)
        if is_other_change or getattr(reference_index_auto_update_disabled, "value", False):
            super().save(*args, **kwargs)
        else:
            with transaction.atomic(), disable_reference_index_auto_update():
                super().save(*args, **kwargs)
                if self.saves_its_rows:
                    ReferenceIndex.create_or_update_for_object(self)
        self.saves_its_rows = False

    def with_content_json(self, content: dict[str, Any]) -> PageWithRows:
        """Return the page as in the revision, without looking up keys that do not come from it."""
        rows = {relation.get_accessor_name(): relation.field.name for relation in get_all_child_relations(type(self))}
        content = {name: value for name, value in content.items() if name not in NOT_FROM_REVISIONS}
        for name in rows.keys() & content.keys():
            content[name] = [{**row, rows[name]: None} for row in content[name]]
        return super().with_content_json(content)

    def fetch_for_editor(self) -> None:
        """Fetch what the form and the panel beside it would otherwise fetch one by one, or several times."""
        for relation in get_all_child_relations(type(self)):
            getattr(self, relation.get_accessor_name()).get_object_list()
        revisions = Revision.objects.select_related("user").in_bulk([self.latest_revision_id, self.live_revision_id])
        self.latest_revision = revisions.get(self.latest_revision_id)
        self.live_revision = revisions.get(self.live_revision_id)

    @cached_property
    def has_workflow(self) -> Any:
        above = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        workflows = Workflow.objects.active().filter(workflow_pages__page__path__in=above)
        return workflows.order_by("-workflow_pages__page__depth").first()

    def get_workflow(self) -> Any:
        return self.has_workflow
