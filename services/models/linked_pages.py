"""A list of pages to check in a treatment's form. Each checked page is stored as a row that links to it."""

from functools import partial
from typing import Any

from django import forms
from wagtail.admin.compare import ChildRelationComparison, ForeignObjectComparison
from wagtail.admin.panels import FieldPanel

from clinic.models.editing import PageRow, PageWithRows
from services.models.review_form import ClinicalPageForm
from services.models.rows import ServiceCondition, ServicePractitioner


class LinkedPages(forms.TypedMultipleChoiceField):
    """The field has the name of the rows; `column` is their foreign key to the other page."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": "Someone has deleted one of these pages. Check this list again, and save."
    }

    def __init__(self, rows: type[PageRow], column: str, **options: Any) -> None:
        super().__init__(coerce=int, required=False, **options)
        self.rows, self.column = rows, column
        self.linked_id = f"{column}_id"

    def show(self, page: PageWithRows, name: str) -> list[int]:
        """Offer all pages that can be checked; return those that are."""
        model: Any = self.rows._meta.get_field(self.column).related_model
        self.choices = page.choices_of(model)
        return [getattr(row, self.linked_id) for row in getattr(page, name).all()]

    def store(self, page: PageWithRows, name: str, checked: list[int]) -> None:
        """Put the rows on the page, which saves them: those that stay are kept."""
        kept = {getattr(row, self.linked_id): row for row in getattr(page, name).all()}
        rows = [kept.get(pk) or self.rows(**{self.linked_id: pk}) for pk in checked]
        for order, row in enumerate(rows):
            row.sort_order = order
        setattr(page, name, rows)


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
        for name, field in self.linked_pages().items():
            self.initial[name] = field.show(self.instance, name)

    def linked_pages(self) -> dict[str, LinkedPages]:
        return {name: field for name, field in self.fields.items() if isinstance(field, LinkedPages)}

    def _post_clean(self) -> None:
        for name, field in self.linked_pages().items():
            if name in self.cleaned_data and name in self.changed_data:
                field.store(self.instance, name, self.cleaned_data[name])
        super()._post_clean()


class LinkedPagesPanel(FieldPanel):
    """Compares revisions by the pages that were added and removed. Comments belong to fields of the model."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name, **options | {"disable_comments": True})

    def get_comparison_class(self) -> Any:
        links: Any = ServiceForm.base_fields[self.field_name]
        columns = [partial(ForeignObjectComparison, links.rows._meta.get_field(links.column))]
        return lambda rows, old, new: ChildRelationComparison(rows, columns, old, new, label=links.label)
