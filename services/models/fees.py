"""The page of all fees, drawn from the treatments' own fee records."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.models import BasePage, SearchEntry
from services.blocks import PlanBlock
from services.models.service import ServicePage


class FeesPage(BasePage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()

    body = StreamField(StoryBlock(), blank=True, help_text="Shown below the table: insurance, payment, missed visits.")
    direct_billing = StreamField([("plan", PlanBlock())], blank=True, help_text="Whom you bill, and what to bring.")

    content_panels = [*BasePage.content_panels, "body"]
    facts_panels = ["direct_billing"]
    search_fields = [*BasePage.search_fields, index.SearchField("fee_table", boost=3), index.SearchField("body")]

    class Meta:
        verbose_name = "fees page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        # Together those that cost the same.
        groups: dict[tuple[Any, ...], list[ServicePage]] = defaultdict(list)
        for service in treatments_with_fees():
            groups[tuple((fee.visit, fee.minutes, fee.amount) for fee in service.fee_records)].append(service)
        context["groups"] = list(groups.values())
        return context

    def fee_table(self) -> list[str]:
        """Return the rows of the table, for the search."""
        return [f"{page.title} {page.short_name}: {fee}" for page in treatments_with_fees() for fee in page.fees.all()]

    @classmethod
    def write_search_entry(cls, **_kwargs: Any) -> None:
        """Keep the search true to the table: a receiver of signals of `Fee`."""
        for page in cls.objects.live():
            SearchEntry.write(page)


def treatments_with_fees() -> QuerySet[ServicePage]:
    return ServicePage.objects.live().filter(fees__isnull=False).distinct().order_by("path").prefetch_related("fees")
