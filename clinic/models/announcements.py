"""The announcements that staff show on every page for a while."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    DateTimeBlock,
    PageChooserBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField


class AnnouncementValue(StructValue):
    @property
    def is_urgent(self) -> bool:
        return bool(self["level"] == "urgent")

    def is_current(self, now: datetime) -> bool:
        """Return whether to show it now: from its start until just before its end."""
        return bool(self["starts"] <= now < self["ends"])


class AnnouncementBlock(StructBlock):
    text = CharBlock(
        max_length=200,
        help_text="What patients need to know and can do: “The phone is down until noon. Please write to us.”",
    )
    level = ChoiceBlock(
        choices=[("info", "Good to know"), ("urgent", "Important")],
        default="info",
        help_text="An important announcement comes first, in amber.",
    )
    starts = DateTimeBlock(help_text="When it appears on every page, in the clinic's time zone.")
    ends = DateTimeBlock(help_text="When it disappears from every page, in the clinic's time zone.")
    page = PageChooserBlock(
        required=False, help_text="A page of this site with more about it. It is linked once it is published."
    )

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if not self.is_deferred_validation and result["ends"] <= result["starts"]:
            raise StructBlockValidationError(block_errors={"ends": ValidationError("The end must be after the start.")})
        return result

    class Meta:
        icon = "warning"
        value_class = AnnouncementValue
        description = "A line at the top of every page for a while."
        preview_value = {"text": "We are closed on Friday.", "level": "info", "starts": "", "ends": "", "page": None}


@register_setting(icon="warning")
class Announcements(BaseSiteSetting):
    """Fetched together with the clinic's details, so that pages need no query for them."""

    announcements = StreamField(
        [("announcement", AnnouncementBlock())],
        blank=True,
        help_text="Shown at the top of every page, for example when the clinic is closed because of the weather. "
        "Enter planned holidays as closures on the location's page.",
    )

    panels = ["announcements"]

    class Meta:
        verbose_name = "announcements"
        verbose_name_plural = "announcements"

    def __str__(self) -> str:
        return "announcements"
