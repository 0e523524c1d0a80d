"""The announcements that staff show on every page for a while."""

from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from clinic.blocks.announcement import AnnouncementBlock


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
