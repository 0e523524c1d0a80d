"""The people who treat: a page for each, and the list of them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from clinic.models.base import PageForm, StoryPage
from clinic.models.image import with_pictures


class TeamPage(StoryPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ["clinic.PractitionerPage"]
    schema_type = "CollectionPage"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        people = PractitionerPage.objects.child_of(self).live().prefetch_related("services")
        context["practitioners"] = with_pictures(people)
        return context


class PractitionerForm(PageForm):
    def clean_user(self) -> User | None:
        """Refuse an account that is another person's: whose sign-off would it be?"""
        user: User | None = self.cleaned_data["user"]
        other = user and PractitionerPage.objects.filter(user=user).exclude(pk=self.instance.pk).first()
        if other:
            raise ValidationError(f"This account is linked to “{other}” already. Remove it there first.")
        return user


class PractitionerPage(StoryPage):
    parent_page_types = ["clinic.TeamPage"]
    subpage_types = ()
    base_form_class = PractitionerForm
    schema_type = "ProfilePage"
    kind = "Person"
    # What `components/person.html` shows, for `.only()`.
    card_columns = (
        "role", "credentials", "languages", "lead_image", "accepts_new_patients", "licence_valid_until", "usual_wait",
    )  # fmt: skip

    class Wait(models.TextChoices):
        WEEK = "1", "less than a week"
        TWO_WEEKS = "2", "1 to 2 weeks"
        MONTH = "4", "2 to 4 weeks"
        TWO_MONTHS = "8", "1 to 2 months"
        LONGER = "9", "more than 2 months"

    role = models.CharField(
        max_length=80, help_text="The profession, for example “Physiotherapist”. Shown under the name."
    )
    credentials = models.CharField(
        max_length=120,
        blank=True,
        help_text="Degrees and certificates in short form, for example “MPT, CGIMS”. Shown beside the role.",
    )
    registration = models.CharField(
        max_length=160, blank=True, help_text="Number and regulator, for example “PT 0123, Government of Yukon”."
    )
    licence_valid_until = models.DateField(
        null=True,
        blank=True,
        help_text="Yukon licences expire on January 31. After this day, the page says “Not taking new patients”.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="practitioner_pages",
        verbose_name="account",
        help_text="How this person signs in. With a valid licence, this account can sign off treatments.",
    )
    languages = models.CharField(
        max_length=120,
        blank=True,
        help_text="Languages this person speaks with patients, for example “English, French”.",
    )
    accepts_new_patients = models.BooleanField(default=True, help_text="Shown on the page and on the team list.")
    usual_wait = models.CharField(
        "usual wait for a first visit", max_length=1, choices=Wait, blank=True, help_text="Shown on the website."
    )

    content_panels = [
        *StoryPage.content_panels[:-1],
        FieldPanel("body", help_text="Background and interests, in plain words."),
    ]
    facts_panels = [
        MultiFieldPanel(
            [
                "role",
                "credentials",
                "registration",
                "licence_valid_until",
                FieldPanel("user", permission="auth.change_user"),
            ],
            heading="Profession",
        ),
        MultiFieldPanel(["languages", "accepts_new_patients"], heading="For patients"),
    ]
    link_panels = [HelpPanel(heading="Treatments", template="clinic/admin/treatments.html")]
    search_fields = [*StoryPage.search_fields, *map(index.SearchField, ("role", "credentials", "languages"))]

    def with_content_json(self, content: dict[str, Any]) -> "PractitionerPage":
        """Return the page as a draft has it, but with the wait of today: publishing brings no earlier one back."""
        page: PractitionerPage = super().with_content_json(content)
        page.usual_wait = self.usual_wait
        return page

    @property
    def licence_is_current(self) -> bool:
        """False from the day after the licence's last day; a licence without a date counts as current."""
        return self.licence_valid_until is None or self.licence_valid_until >= timezone.localdate()

    @property
    def is_bookable(self) -> bool:
        return self.accepts_new_patients and self.licence_is_current

    @property
    def new_patients(self) -> str:
        return "Taking new patients" if self.is_bookable else "Not taking new patients at the moment"

    @property
    def treatments(self) -> list[Page]:
        """The live pages of what this person gives, in the tree's order; `services` declares the relation."""
        return sorted((service for service in self.services.all() if service.live), key=lambda page: page.path)
