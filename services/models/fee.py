"""What a visit costs: one record, shown on the treatment's page, in fee tables and on the fees page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


class Fee(Orderable):
    service = ParentalKey("services.ServicePage", on_delete=models.CASCADE, related_name="fees")
    visit = models.CharField(max_length=80, help_text="For example “First visit”.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it lasts.")
    amount = models.DecimalField(
        max_digits=7, decimal_places=2, validators=[MinValueValidator(0)], help_text="Canadian dollars."
    )
    note = models.CharField(max_length=160, blank=True, help_text="For example, what is included.")

    panels = ["visit", FieldRowPanel([FieldPanel("minutes"), FieldPanel("amount")]), "note"]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.visit}, {dollars(self.amount)}"

    @property
    def price(self) -> str:
        return dollars(self.amount)


def dollars(amount: Decimal) -> str:
    """Return `$120` or `$99.50`."""
    return f"${amount:,.2f}".removesuffix(".00")


def lowest_fee_text(fees: Iterable[Fee]) -> str:
    """Return “$120”, “from $95” when there are several amounts, or nothing."""
    amounts = sorted({fee.amount for fee in fees})
    if not amounts:
        return ""
    return f"from {dollars(amounts[0])}" if len(amounts) > 1 else dollars(amounts[0])


def session_length_text(fees: Iterable[Fee]) -> str:
    """Return “45 minutes”, “30 to 60 minutes”, or nothing when no length is known."""
    minutes = sorted({fee.minutes for fee in fees if fee.minutes})
    if not minutes:
        return ""
    return f"{minutes[0]} to {minutes[-1]} minutes" if len(minutes) > 1 else f"{minutes[0]} minutes"
