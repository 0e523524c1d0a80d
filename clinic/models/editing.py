"""Pages and their rows as the editor opens and saves them, with half of the queries that Wagtail alone would take."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import Select
from django.forms.formsets import ORDERING_FIELD_NAME
from django.utils.functional import cached_property
from modelcluster.forms import BaseChildFormSet
from modelcluster.models import get_all_child_relations
from modelsearch.index import insert_or_update_object
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import TabbedInterface
from wagtail.models import COMMENTS_RELATION_NAME, Orderable, Page, ReferenceIndex, Revision, Workflow
from wagtail.signal_handlers import disable_reference_index_auto_update, reference_index_auto_update_disabled

# The columns that Wagtail writes when a draft is saved or the page is locked.
DRAFT_COLUMNS = frozenset({
    "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes",
    "locked", "locked_by", "locked_at", COMMENTS_RELATION_NAME,
})  # fmt: skip
# What `Page.with_content_json` takes from the page itself.
NOT_FROM_REVISIONS = {"alias_of", "content_type", "latest_revision", "locale", "locked_by", "owner"}


class PartlyChecked(models.Model):
    """Checks no foreign keys, which are looked up by the form and when a revision is read, and checked by the database,
    and not the place in the tree, which is Wagtail's own.
    """

    class Meta:
        abstract = True

    def full_clean(self, exclude: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        keys = {field.name for field in self._meta.concrete_fields if isinstance(field, models.ForeignKey)}
        super().full_clean({*keys, "path", "translation_key", *(exclude or ())}, *args, **kwargs)


class OwnRows(BaseChildFormSet):
    """The rows of a page's form. Their choices are fetched once for all of them; those of a draft may be unfinished."""

    def full_clean(self) -> None:
        forms: list[Any] = self.forms
        for form in forms:
            form.instance.is_draft = form.is_deferred_validation
        super().full_clean()

    def _should_delete_form(self, form: Any) -> bool:
        """Leave a new row that is still empty out of a draft."""
        is_empty = form.instance.pk is None and {ORDERING_FIELD_NAME}.issuperset(form.changed_data)
        return (form.is_deferred_validation and is_empty) or bool(super()._should_delete_form(form))

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.show_add_comment_button = False  # Wagtail's script takes no comments on rows
            if name == "id":
                field.queryset, field.to_field_name = self.queryset, "id"
            elif hasattr(field, "queryset") and isinstance(field.widget, Select):
                field.choices = [("", field.empty_label), *self.instance.choices_of(field.queryset.model)]

    def clean(self) -> None:
        super().clean()
        if any("id" in row.errors and not self._should_delete_form(row) for row in self.forms):
            raise ValidationError("Someone has deleted one of these rows: delete it here too, or enter it again.")


class Tabs(TabbedInterface):
    def get_form_class(self) -> type[WagtailAdminPageForm]:
        return self.form_class

    @cached_property
    def form_class(self) -> type[WagtailAdminPageForm]:
        form_class: type[WagtailAdminPageForm] = super().get_form_class()
        return form_class

    def get_bound_panel(self, **shown: Any) -> Any:
        """Describe the blocks for the browser once: later forms copy the widgets with it.

        Not when the form class is made: Django's checks make it before there are static files.
        """
        for field in self.form_class.base_fields.values():
            _ = field.widget.media
        return super().get_bound_panel(**shown)

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        for rows in options["formsets"].values():
            rows["formset"] = type("Rows", (OwnRows, rows.get("formset", BaseChildFormSet)), {})
        return options


class PageRow(PartlyChecked, Orderable):
    """One of several rows of a page, edited with it."""

    # Set by the form: whether the row may be unfinished.
    is_draft = False

    class Meta(Orderable.Meta):
        abstract = True


class PageWithRows(PartlyChecked, Page):
    # True while the page and its rows are saved together.
    saves_its_rows = False
    # `save` brings the index of the admin's search up to date.
    search_auto_update = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Bring the indexes of references and words up to date once, not again for each row, and not for a draft."""
        columns = kwargs.get("update_fields")
        is_draft = columns is not None and DRAFT_COLUMNS.issuperset(columns)
        keeps_references = not getattr(reference_index_auto_update_disabled, "value", False)
        self.saves_its_rows = columns is None
        with (
            nullcontext() if is_draft else transaction.atomic(),
            disable_reference_index_auto_update() if keeps_references else nullcontext(),
        ):
            super().save(*args, **kwargs)
            if keeps_references and not is_draft:
                ReferenceIndex.create_or_update_for_object(self)
            if not is_draft:
                insert_or_update_object(self)
        self.saves_its_rows = False

    @cached_property
    def _choices(self) -> dict[type[Page], list[tuple[Any, Any]]]:
        return {}

    def choices_of(self, model: type[Page]) -> list[tuple[Any, Any]]:
        """Return the numbers and titles of all pages of a type in the order of the menu, fetched once for the form."""
        if model not in self._choices:
            self._choices[model] = list(model.objects.order_by("path").values_list("pk", "title"))
        return self._choices[model]

    def with_content_json(self, content: dict[str, Any]) -> "PageWithRows":
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
