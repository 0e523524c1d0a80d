"""A notice over every page, from one moment to another."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    DateTimeBlock,
    PageChooserBlock,
    StructBlock,
    StructBlockValidationError,
)


class NoticeBlock(StructBlock):
    text = CharBlock(
        max_length=200,
        help_text="What patients need to know and can do: “The phone is down until noon. Please write to us.”",
    )
    level = ChoiceBlock(
        choices=[("info", "Good to know"), ("urgent", "Important")],
        default="info",
        help_text="Important ones stand first, in amber.",
    )
    starts = DateTimeBlock(help_text="Shown from this moment, in the clinic's own time, …")
    ends = DateTimeBlock(help_text="… until this one. Nobody has to remember to take it down.")
    page = PageChooserBlock(required=False, help_text="A page that says more. Left out while it is not published.")

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if result["ends"] <= result["starts"]:
            raise StructBlockValidationError(
                block_errors={"ends": ValidationError("The notice ends after it has started.")}
            )
        return result

    class Meta:
        icon = "warning"
        description = "A line over every page while it runs."
        preview_value = {"text": "We are closed on Friday.", "level": "info", "starts": "", "ends": "", "page": None}
