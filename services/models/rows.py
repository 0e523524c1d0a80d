"""The rows of a treatment's page: fees, what studies found, who gives it and what it may help with."""

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.forms import Select
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from clinic.models import PractitionerPage
from clinic.models.editing import PageRow


class Fee(PageRow):
    """What a visit costs: shown on the treatment's page, in fee tables and on the fees page."""

    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="fees")
    visit = models.CharField(max_length=80, help_text="The type of visit, for example “First visit”.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long the visit lasts, in minutes.")
    amount = models.DecimalField(
        null=True,  # in drafts
        max_digits=7,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text="What the visit costs, in Canadian dollars.",
    )
    note = models.CharField(
        max_length=160, blank=True, help_text="A few words beside the fee, for example what is included."
    )

    panels = ["visit", FieldRowPanel(["minutes", "amount"]), "note"]

    def __str__(self) -> str:
        return f"{self.visit}, {dollars(self.amount)}"

    @property
    def price(self) -> str:
        return dollars(self.amount)

    @property
    def price_and_length(self) -> str:
        """“$145 (60 min)”; the length stays on one line."""
        return self.price + (f" ({self.minutes}\N{NO-BREAK SPACE}min)" if self.minutes else "")


class Evidence(PageRow):
    """What studies found: shown on the treatment's page and on the condition's."""

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
        help_text="The condition that was studied. If empty, the finding is shown with every condition that the "
        "treatment may help with.",
    )
    finding = models.CharField(
        "what studies found", max_length=300, help_text="The result in plain words, good or bad."
    )
    certainty = models.CharField("how sure that is", max_length=8, choices=Certainty)
    people = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people had this result, if the study says."
    )
    out_of = models.PositiveIntegerField(
        "of", null=True, blank=True, help_text="How many people took part in the study, if it says."
    )
    source = models.CharField(max_length=300, help_text="Authors, title and journal, so that it can be found.")
    year = models.PositiveSmallIntegerField(null=True)  # in drafts
    url = models.URLField("web address", blank=True, help_text="The web address where the study can be read.")

    panels = [
        "finding",
        FieldRowPanel([FieldPanel("condition", widget=Select), "certainty"]),
        FieldRowPanel(["people", "out_of"]),
        FieldRowPanel(["source", "year", "url"]),
    ]

    def __str__(self) -> str:
        return self.finding

    def clean(self) -> None:
        is_wrong = (self.people is None) != (self.out_of is None) or (self.people or 0) > (self.out_of or 0)
        if is_wrong and not self.is_draft:
            raise ValidationError({"people": "Enter both numbers, the smaller one first, or neither."})


class ServicePractitioner(PageRow):
    """Who gives a treatment: declared here once, available on both models."""

    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="practitioner_links")
    practitioner = models.ForeignKey(PractitionerPage, on_delete=models.CASCADE, related_name="service_links")

    class Meta(PageRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["service", "practitioner"], name="services_practitioner_once_per_service")
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} gives {self.service}"


class ServiceCondition(PageRow):
    """What a treatment may help with: declared here once, available on both models."""

    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="condition_links")
    condition = models.ForeignKey("services.ConditionPage", on_delete=models.CASCADE, related_name="service_links")

    class Meta(PageRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["service", "condition"], name="services_condition_once_per_service")
        ]

    def __str__(self) -> str:
        return f"{self.service} may help with {self.condition}"


def dollars(amount: Decimal | None) -> str:
    """Return `$120` or `$99.50`; “$…” in a draft that has no amount yet."""
    return "$…" if amount is None else f"${amount:,.2f}".removesuffix(".00")


def fee_text(fees: Sequence[Fee]) -> str:
    """Return “First visit $145 (60 min), then $95 (30 min)”: what a new patient pays comes first, and of several later
    visits the lowest fee counts. “$120 (45 min)” for a single kind of visit, nothing without fees.
    """
    if not fees:
        return ""
    first = fees[0]
    later = min((fee for fee in fees if fee.amount not in {None, first.amount}), key=attrgetter("amount"), default=None)
    if not later:
        return first.price_and_length
    # A line ends before “then”, not after it.
    return f"{first.visit} {first.price_and_length}, then\N{NO-BREAK SPACE}{later.price_and_length}"
