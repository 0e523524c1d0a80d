"""The clinic's details, which the whole site shows."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BooleanField
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.log_actions import log, registry

from clinic.lib.telephone import is_odd
from clinic.models.announcements import AnnouncementValue

DEFAULT_EMERGENCY_WORDING = (
    "In an emergency call 911 and say where you are. 911 may not work from a satellite phone: "
    "call (867) 667-5555 there. For health advice from a nurse, day or night, call 811."
)
DEFAULT_EMERGENCY_WORDING_FR = (
    "En cas d’urgence, appelez le 911 et dites où vous êtes. D’un téléphone satellite, appelez le (867) 667-5555. "
    "Pour parler à une infirmière, jour et nuit, appelez le 811."
)
CHANGED = "clinic.change_details"
MOST_EARLIER = 10


def check_phone(phone: str) -> None:
    if is_odd(phone):
        raise ValidationError("This number cannot be dialled. Enter one such as 867-555-0142.")


def check_names_911(wording: str) -> None:
    if not re.search(r"\b911\b", wording):
        raise ValidationError("The emergency wording must say to call 911.")


class ConfirmationPanel(FieldPanel):
    """A checkbox that appears when an answer has to be confirmed, and then stays."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            box = self.bound_field  # None where revisions are compared
            return bool(super().is_shown() and box and (box.errors or box.value()))


class ClinicDetailsForm(WagtailAdminModelForm):
    """Asks to confirm each change, and remembers what it replaced; the button “Use again” fills it in again."""

    changes_are_right = BooleanField(label="These changes are right", required=False)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        entries = registry.get_logs_for_instance(kwargs["instance"]).filter(action=CHANGED).select_related("user")
        # The latest changes, newest first; `data["before"]` is what each one replaced.
        self.earlier = list(entries.order_by("-timestamp")[:MOST_EARLIER])
        for entry in self.earlier:
            if data and data.get("use_again") == str(entry.pk):
                data = {**data.dict(), **entry.data["before"], "changes_are_right": ""}
        super().__init__(data, *args, **kwargs)

    def _post_clean(self) -> None:
        """Ask once the fields and the model find nothing wrong."""
        super()._post_clean()
        self.changes = [name for name in self.changed_data if name != "changes_are_right"]
        if self.errors or not self.changes or self.cleaned_data["changes_are_right"]:
            return
        for name in self.changes:
            before = f"Before: “{self.initial[name]}”. " if self.initial[name] else ""
            self.add_error(name, f"{before}{self.fields[name].help_text} Check it, and confirm it below.")
        self.add_error("changes_are_right", "Check this box to change the details everywhere.")

    def save(self, commit: bool = True) -> "ClinicDetails":
        if self.changes:
            replaced = type(self.instance).objects.get(pk=self.instance.pk)
            before = {name: self.initial.get(name) for name in self.changes}
            words = {str(self.fields[name].label): str(getattr(replaced, name) or "") for name in self.changes}
            log(self.instance, CHANGED, data={"before": before, "words": words})
        details: ClinicDetails = super().save(commit)
        return details


@register_setting(icon="home")
class ClinicDetails(BaseSiteSetting):
    base_form_class = ClinicDetailsForm
    select_related = ["main_location", "site__announcements"]

    name = models.CharField(
        max_length=80,
        default="Our clinic",
        help_text="In the header and title of every page, in mail and in search results.",
    )
    tagline = models.CharField(
        max_length=120, blank=True, help_text="A few words in the footer, shown if no main location is chosen."
    )
    phone = models.CharField(
        max_length=30,
        blank=True,
        validators=[check_phone],
        help_text="Shown in the header and footer of every page, on the form, on error pages and in mail.",
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
    cancellation_rule = models.TextField(
        "cancellation policy",
        max_length=300,
        blank=True,
        help_text="How late a visit can be cancelled, and what is charged after that. Shown where people cancel.",
    )
    emergency_wording = models.TextField(
        max_length=600,
        default=DEFAULT_EMERGENCY_WORDING,
        validators=[check_names_911],
        help_text="Shown with the form, on receipts, emergency cards and error pages, in the footer and in print.",
    )
    emergency_wording_fr = models.TextField(
        "emergency wording in French",
        max_length=600,
        default=DEFAULT_EMERGENCY_WORDING_FR,
        validators=[check_names_911],
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
        default=False, help_text="Says on every page that this clinic is invented. On while there is demo content."
    )

    panels = [
        MultiFieldPanel(["name", "tagline", "demo_notice"], heading="The clinic"),
        MultiFieldPanel(
            [FieldRowPanel(["phone", "email"]), "booking_url", "cancellation_rule", "main_location"],
            heading="How patients reach the clinic",
        ),
        MultiFieldPanel(["emergency_wording", "emergency_wording_fr", "notify_email"], heading="Enquiries"),
        MultiFieldPanel(["privacy_contact_name", "privacy_contact_email", "privacy_page"], heading="Privacy"),
        ConfirmationPanel("changes_are_right"),
        HelpPanel(heading="Earlier details", template="clinic/admin/earlier_details.html"),
    ]

    class Meta:
        verbose_name = "clinic details"
        verbose_name_plural = "clinic details"

    def __str__(self) -> str:
        return self.name

    @property
    def announcements(self) -> list[AnnouncementValue]:
        # None without a database, and where there never were any.
        shown = getattr(getattr(self, "site", None), "announcements", None)
        return [block.value for block in shown.announcements] if shown else []
