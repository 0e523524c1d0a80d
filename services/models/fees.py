"""The page of all fees, drawn from the treatments' own fee records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.fields import StreamField
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.models import BasePage
from services.models.service import ServicePage

if TYPE_CHECKING:
    from django.http import HttpRequest


class FeesPage(BasePage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()

    body = StreamField(StoryBlock(), blank=True, help_text="Shown below the table: insurance, payment, missed visits.")

    content_panels = [*BasePage.content_panels, "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "fees page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["services"] = (
            ServicePage.objects.live().filter(fees__isnull=False).distinct().order_by("path").prefetch_related("fees")
        )
        return context
