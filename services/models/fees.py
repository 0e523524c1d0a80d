"""The page of all fees, drawn from the treatments' own fee records."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.search import index

from clinic.models import SearchEntry
from clinic.models.base import StoryPage
from services.blocks import PlanBlock
from services.models.fee import Fee
from services.models.service import ServicePage


class FeesPage(StoryPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()

    direct_billing = StreamField([("plan", PlanBlock())], blank=True, help_text="Whom you bill, and what to bring.")

    facts_panels = ["direct_billing"]
    search_fields = [*StoryPage.search_fields, index.SearchField("fee_table", boost=3)]

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
    def write_search_entry(cls, instance: Fee | ServicePage, **_kwargs: Any) -> None:
        """Keep the search true to the table: a receiver of signals of a published treatment, and of a fee alone."""
        is_saved_with_its_page = isinstance(instance, Fee) and instance.service.saves_its_rows
        for page in () if is_saved_with_its_page else cls.objects.live():
            SearchEntry.write(page)


def treatments_with_fees() -> QuerySet[ServicePage]:
    with_fees = ServicePage.objects.live().filter(pk__in=Fee.objects.values("service")).order_by("path")
    return with_fees.defer_streamfields().prefetch_related("fees")
