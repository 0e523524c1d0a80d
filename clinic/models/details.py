"""The clinic's details, which the whole site shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

if TYPE_CHECKING:
    from clinic.lib.announcements import Announcement

DEFAULT_EMERGENCY_WORDING = (
    "In an emergency call 911 and say where you are. 911 may not work from a satellite phone: "
    "call (867) 667-5555 there. For health advice from a nurse, day or night, call 811."
)
DEFAULT_EMERGENCY_WORDING_FR = (
    "En cas d’urgence, appelez le 911 et dites où vous êtes. D’un téléphone satellite, appelez le (867) 667-5555. "
    "Pour parler à une infirmière, jour et nuit, appelez le 811."
)


@register_setting(icon="home")
class ClinicDetails(BaseSiteSetting):
    select_related = ["main_location", "site__announcements"]

    name = models.CharField(max_length=80, default="Our clinic", help_text="In the header, e-mails and search results.")
    tagline = models.CharField(
        max_length=120, blank=True, help_text="A few words in the footer, shown if no main location is chosen."
    )
    phone = models.CharField(
        max_length=30, blank=True, help_text="Shown at the top of every page, for example 867-555-0142."
    )
    email = models.EmailField("e-mail", blank=True, help_text="Shown to the public, including when the form is down.")
    booking_url = models.URLField("online booking", blank=True, help_text="Its web address, if there is one.")
    main_location = models.ForeignKey(
        "clinic.LocationPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Its address is shown at the bottom of every page, and its hours on the home page.",
    )
    emergency_wording = models.TextField(
        max_length=600,
        default=DEFAULT_EMERGENCY_WORDING,
        help_text="Shown with the form, on receipts, emergency cards and error pages, in the footer and in print.",
    )
    emergency_wording_fr = models.TextField(
        "emergency wording in French",
        max_length=600,
        default=DEFAULT_EMERGENCY_WORDING_FR,
        help_text="Shown below the English one when someone describes an emergency in French.",
    )
    notify_email = models.EmailField(
        "e-mail for staff notifications",
        blank=True,
        help_text="Notifications contain no name or message. If empty, they go to the clinic's sender address.",
    )
    privacy_contact_name = models.CharField(
        max_length=80, blank=True, help_text="Who answers questions about privacy (HIPMA requires a named contact)."
    )
    privacy_contact_email = models.EmailField("privacy contact e-mail", blank=True)
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A page with more about privacy. The privacy notice for enquiries links to it.",
    )
    demo_notice = models.BooleanField(
        default=False,
        help_text="Says on every page that this clinic is invented. On while there is demo content.",
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("tagline"), FieldPanel("demo_notice")], heading="The clinic"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("booking_url"),
                FieldPanel("main_location"),
            ],
            heading="How patients reach the clinic",
        ),
        MultiFieldPanel(
            [FieldPanel("emergency_wording"), FieldPanel("emergency_wording_fr"), FieldPanel("notify_email")],
            heading="Enquiries",
        ),
        MultiFieldPanel(
            [FieldPanel("privacy_contact_name"), FieldPanel("privacy_contact_email"), FieldPanel("privacy_page")],
            heading="Privacy",
        ),
    ]

    class Meta:
        verbose_name = "clinic details"
        verbose_name_plural = "clinic details"

    def __str__(self) -> str:
        return self.name

    @property
    def announcements(self) -> list[Announcement]:
        return self.site.announcements.all() if hasattr(self.site, "announcements") else []
