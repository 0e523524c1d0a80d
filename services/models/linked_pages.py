"""A treatment's physiotherapists and conditions: checked in a list of pages, stored as rows that link to them."""

from functools import partial
from typing import Any

from django import forms
from wagtail.admin.compare import ChildRelationComparison, ForeignObjectComparison
from wagtail.admin.panels import FieldPanel

from clinic.models.editing import PageRow
from services.models.review_form import ClinicalPageForm
from services.models.rows import ServiceCondition, ServicePractitioner

GONE = "Someone has deleted one of these pages. Check this list again, and save."


class LinkedPages(forms.TypedMultipleChoiceField):
    """The field has the name of the rows; `column` is their foreign key to the pages in the list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, rows: type[PageRow], column: str, **options: Any) -> None:
        super().__init__(coerce=int, required=False, error_messages={"invalid_choice": GONE}, **options)
        self.column: Any = rows._meta.get_field(column)


class ServiceForm(ClinicalPageForm):
    practitioner_links = LinkedPages(
        ServicePractitioner,
        "practitioner",
        label="Physiotherapists who offer it",
        help_text="Shown on this page. Their own pages show this treatment, too.",
    )
    condition_links = LinkedPages(
        ServiceCondition,
        "condition",
        label="Conditions it may help with",
        help_text="This page links to them, and their pages show this treatment.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in LINKS.items():
            self.fields[name].choices = self.instance.choices_of(field.column.related_model)
            self.initial[name] = [getattr(row, field.column.attname) for row in getattr(self.instance, name).all()]

    def _post_clean(self) -> None:
        """Put the rows on the page, which saves them: those that stay are kept."""
        for name in LINKS.keys() & self.cleaned_data.keys() & set(self.changed_data):
            key, rows = LINKS[name].column.attname, getattr(self.instance, name)
            kept = {getattr(row, key): row for row in rows.all()}
            checked = [kept.get(pk) or rows.model(**{key: pk}) for pk in self.cleaned_data[name]]
            for order, row in enumerate(checked):
                row.sort_order = order
            setattr(self.instance, name, checked)
        super()._post_clean()


LINKS: dict[str, Any] = {
    name: field for name, field in ServiceForm.base_fields.items() if isinstance(field, LinkedPages)
}


class LinkedPagesPanel(FieldPanel):
    """Compares revisions by the pages that were added and removed."""

    def get_comparison_class(self) -> Any:
        links = LINKS[self.field_name]
        columns = [partial(ForeignObjectComparison, links.column)]
        return lambda rows, old, new: ChildRelationComparison(rows, columns, old, new, label=links.label)
