"""What a visit costs: one record, shown on the treatment's page, in fee tables and on the fees page."""

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class Fee(Orderable):
    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="fees")
    visit = models.CharField(max_length=80, help_text="The type of visit, for example “First visit”.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long the visit lasts, in minutes.")
    amount = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text="What the visit costs, in Canadian dollars.",
    )
    note = models.CharField(
        max_length=160, blank=True, help_text="A few words beside the fee, for example what is included."
    )

    panels = ["visit", FieldRowPanel([FieldPanel("minutes"), FieldPanel("amount")]), "note"]

    def __str__(self) -> str:
        return f"{self.visit}, {dollars(self.amount)}"

    @property
    def price(self) -> str:
        return dollars(self.amount)

    @property
    def price_and_length(self) -> str:
        """“$145 (60 min)”; the length stays on one line."""
        return self.price + (f" ({self.minutes}\N{NO-BREAK SPACE}min)" if self.minutes else "")


def dollars(amount: Decimal) -> str:
    """Return `$120` or `$99.50`."""
    return f"${amount:,.2f}".removesuffix(".00")


def fee_text(fees: Sequence[Fee]) -> str:
    """Return “First visit $145 (60 min), then $95 (30 min)”: what a new patient pays comes first, and of several later
    visits the lowest fee counts. “$120 (45 min)” for a single kind of visit, nothing without fees.
    """
    if not fees:
        return ""
    first = fees[0]
    later = min((fee for fee in fees if fee.amount != first.amount), key=attrgetter("amount"), default=None)
    return f"{first.visit} {first.price_and_length}, then {later.price_and_length}" if later else first.price_and_length
