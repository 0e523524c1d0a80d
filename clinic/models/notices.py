"""The notices that staff put over every page for a while."""

from __future__ import annotations

from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from clinic.blocks.notice import NoticeBlock
from clinic.lib.announcements import Notice, notice_from


@register_setting(icon="warning")
class Notices(BaseSiteSetting):
    """Fetched together with the clinic's details, so that no page asks for them on its own."""

    notices = StreamField(
        [("notice", NoticeBlock())],
        blank=True,
        help_text="Shown over every page while they run, for example when the clinic is closed because of the weather. "
        "Planned holidays stand as closures on the location's page.",
    )

    panels = ["notices"]

    class Meta:
        verbose_name = "notices"
        verbose_name_plural = "notices"

    def __str__(self) -> str:
        return "notices"

    def all(self) -> list[Notice]:
        """Return the notices as they are kept: to read them from the stream would fetch the page of each."""
        return [notice_from(item["value"]) for item in self.notices.raw_data]
