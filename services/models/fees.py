"""The page of all fees, drawn from the treatments' own fee records."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from wagtail.fields import StreamField
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.models import BasePage
from services.blocks import PlanBlock
from services.models.service import ServicePage

if TYPE_CHECKING:
    from django.http import HttpRequest


class FeesPage(BasePage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()

    body = StreamField(StoryBlock(), blank=True, help_text="Shown below the table: insurance, payment, missed visits.")
    direct_billing = StreamField([("plan", PlanBlock())], blank=True, help_text="Whom you bill, and what to bring.")

    content_panels = [*BasePage.content_panels, "body"]
    facts_panels = ["direct_billing"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "fees page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        services = ServicePage.objects.live().filter(fees__isnull=False).distinct().order_by("path")
        # Together those that cost the same.
        groups: dict[tuple[Any, ...], list[ServicePage]] = defaultdict(list)
        for service in services.prefetch_related("fees"):
            groups[tuple((fee.visit, fee.minutes, fee.amount) for fee in service.fee_records)].append(service)
        context["groups"] = list(groups.values())
        return context
