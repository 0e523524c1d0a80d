"""What studies found about a treatment: one record, shown on the treatment's page and on the condition's."""

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from clinic.models.editing import PageRow


class Evidence(PageRow):
    class Certainty(models.TextChoices):
        HIGH = "high", "We are sure"
        MODERATE = "moderate", "We are fairly sure"
        LOW = "low", "We are not sure"
        VERY_LOW = "very_low", "We are very unsure"
        UNKNOWN = "unknown", "We do not know"

    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="evidence")
    condition = models.ForeignKey(
        "services.ConditionPage",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The condition that was studied. If empty, it is shown with all conditions that it may help with.",
    )
    finding = models.CharField(
        "what studies found", max_length=300, help_text="The result in plain words, good or bad."
    )
    certainty = models.CharField("how sure that is", max_length=8, choices=Certainty)
    people = models.PositiveIntegerField(
        null=True, blank=True, help_text="For how many people it was so, if the study says."
    )
    out_of = models.PositiveIntegerField(
        "of", null=True, blank=True, help_text="How many people took part in the study, if it says."
    )
    source = models.CharField(max_length=300, help_text="Authors, title and journal, so that it can be found.")
    year = models.PositiveSmallIntegerField()
    url = models.URLField(blank=True, help_text="The web address where the study can be read.")

    panels = [
        "finding",
        FieldRowPanel([FieldPanel("condition", widget=Select), "certainty"]),
        FieldRowPanel(["people", "out_of"]),
        FieldRowPanel(["source", "year", "url"]),
    ]

    def __str__(self) -> str:
        return self.finding

    def clean(self) -> None:
        if (self.people is None) != (self.out_of is None) or (self.people or 0) > (self.out_of or 0):
            raise ValidationError({"people": "Enter both numbers, the smaller one first, or neither."})
