"""Blocks that show what the site knows already: how to reach the clinic today, and who works there."""

from typing import Any

from django.apps import apps
from wagtail.blocks import CharBlock, StaticBlock, StructBlock, StructValue


class CallBlock(StaticBlock):
    class Meta:
        icon = "mobile-alt"
        template = "clinic/blocks/call.html"
        description = "The phone number, whether the clinic is open now, and the cancellation policy."


class PeopleBlock(StructBlock):
    language = CharBlock(
        required=False, help_text="For example “French”: only people who speak it are shown. If empty, everyone is."
    )

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        people = apps.get_model("clinic.PractitionerPage").objects.live().order_by("path")
        found = people.filter(languages__icontains=value["language"] or "")
        return super().get_context(value, parent_context) | {"people": found}

    class Meta:
        icon = "group"
        template = "clinic/blocks/people.html"
        description = "The people who treat patients, with their languages and the usual wait for a first visit."
        preview_value = {"language": ""}
