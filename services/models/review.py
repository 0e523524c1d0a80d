"""Clinical sign-off: who checked a page, when, when it is due again, and what the page is based on."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from services.blocks import SourceBlock


class ClinicalReview(models.Model):
    sources = StreamField(
        [("source", SourceBlock())], blank=True, help_text="Publications that the page is based on, listed at the end."
    )
    reviewed_by = models.ForeignKey(
        "clinic.PractitionerPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The physiotherapist who checked this page and is responsible for it.",
    )
    last_reviewed = models.DateField(null=True, blank=True, help_text="The day it was checked.")
    review_due = models.DateField(
        null=True, blank=True, help_text="After this day the page says that its review is overdue."
    )

    review_panels = [
        FieldPanel("sources"),
        MultiFieldPanel(
            [FieldPanel("reviewed_by"), FieldRowPanel([FieldPanel("last_reviewed"), FieldPanel("review_due")])],
            heading="Clinical review",
        ),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.last_reviewed and self.last_reviewed > timezone.localdate():
            raise ValidationError({"last_reviewed": "The review cannot be in the future."})
        if self.last_reviewed and self.review_due and self.review_due <= self.last_reviewed:
            raise ValidationError({"review_due": "The next review must be after the last one."})

    @property
    def review_is_overdue(self) -> bool:
        return self.review_due is not None and self.review_due < timezone.localdate()

    @property
    def review_is_current(self) -> bool:
        """True if the page was signed off and the next review is not overdue."""
        return bool(self.reviewed_by_id and self.last_reviewed and not self.review_is_overdue)
