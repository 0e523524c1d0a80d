"""Rich text that is rendered without Wagtail's template of one line, which takes eight times as long."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.rich_text import RichText, expand_db_html

from clinic.lib.text import running_text

# How the prompts in the outline of a new page begin.
PROMPT = "[Write here:"
# Between the texts of a batch; no text contains it.
BREAK = "\0"


class Words(RichText):
    """`batch`: the texts that are read from a page together, so that their links take one query for all of them."""

    def __init__(self, source: str, batch: "list[Words] | None" = None) -> None:
        super().__init__(source)
        self.batch = [self] if batch is None else batch
        self.expanded: str | None = None

    def __html__(self) -> str:
        if self.expanded is None:
            html = expand_db_html(BREAK.join(text.source for text in self.batch))
            for text, expanded in zip(self.batch, html.split(BREAK), strict=True):
                text.expanded = expanded
        return running_text(self.expanded or "")


class RichTextBlock(blocks.RichTextBlock):
    # What it stores is the same as Wagtail's own block, so migrations name that one.
    canonical_module_path = "wagtail.blocks.RichTextBlock"

    @cached_property
    def field(self) -> Field:
        """Wagtail's field, whose editor also has the block's label as its name for screen readers."""
        field: Field = super().field
        field.widget.options["ariaLabel"] = self.label
        return field

    def clean(self, value: Any) -> RichText:
        """Refuse to publish a prompt of the page's outline."""
        text: RichText = super().clean(value)
        if PROMPT in text.source and not self.is_deferred_validation:
            raise ValidationError(f"Write your own text in place of “{PROMPT} …]”, or delete this part.")
        return text

    def to_python(self, value: Any) -> Words:
        return Words(value)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Words]:
        batch: list[Words] = []
        batch += [Words(value, batch) for value in values]
        return batch
