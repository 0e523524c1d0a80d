"""The read-only activity log. No one changes or deletes a row here, not even a superuser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime

from contact.admin.filters import SITE_ITSELF, ActorFilter, WhenFilter
from contact.models import EnquiryEvent
from contact.models.enquiry import as_reference

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse

FEW = 3


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and its rows, for those with the permission to view them."""

    list_per_page = 50
    show_full_result_count = False
    actions = None
    show_facets = admin.ShowFacets.NEVER
    heading = ""

    class Media:
        css = {"all": ["contact/cards.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def second(time: datetime | None) -> str:
    return date_format(localtime(time), "j M Y, H:i:s") if time else ""


@admin.register(EnquiryEvent)
class EnquiryEventAdmin(ReadOnlyAdmin):
    heading = "Activity log"
    list_display = ("when", "kind", "about", "who", "ip_address", "short_detail")
    list_filter = ("kind", ActorFilter, ("at", WhenFilter))
    search_fields = ("actor_name",)
    search_help_text = "Reference (also of a deleted enquiry) or a colleague’s user name"
    fields = ("when", "kind", "about_all", "who", "ip_address", "detail")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[EnquiryEvent], search_term: str
    ) -> tuple[QuerySet[EnquiryEvent], bool]:
        """Find what happened to one enquiry, including the lists and exports that it was in."""
        if reference := as_reference(search_term):
            named = Q(reference=reference) | Q(references__contains=reference) | Q(actor_name__iexact=search_term)
            return queryset.filter(named), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="when", ordering="at")
    def when(self, event: EnquiryEvent) -> str:
        return second(event.at)

    @admin.display(description="enquiry")
    def about(self, event: EnquiryEvent) -> str:
        references = event.references.split()
        if len(references) > FEW:
            return f"{len(references)} enquiries"
        return event.reference or ", ".join(references)

    @admin.display(description="enquiries")
    def about_all(self, event: EnquiryEvent) -> str:
        return event.reference or ", ".join(event.references.split())

    @admin.display(description="who")
    def who(self, event: EnquiryEvent) -> str:
        return event.actor_name or SITE_ITSELF

    @admin.display(description="detail")
    def short_detail(self, event: EnquiryEvent) -> str:
        return Truncator(event.detail).chars(60)
