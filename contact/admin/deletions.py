"""The deletion records: a list, and a page to print for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from contact.admin.activity_log import second
from contact.admin.base import ReadOnlyAdmin
from contact.admin.filters import WhenFilter
from contact.models import Enquiry, PurgeRun

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NAMES = {
    "entries": "notes, calls and replies", "outgoing e-mails": "e-mails", "delivery attempts": "delivery attempts"
}  # fmt: skip


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    heading = "Deletion records"
    list_display = ("when", "total", "reasons", "who")
    list_filter = (("at", WhenFilter),)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the record as a page to print (`purgerun/change_form.html`)."""
        run = self.get_object(request, object_id)
        context: dict[str, Any] = {"title": "Record of deletion", "run": run}
        if run:
            context |= {
                "counts": [(count, PurgeRun.Reason(reason).label) for reason, count in run.counts.items()],
                "related_rows": [(count, NAMES.get(name, name)) for name, count in run.related_rows.items()],
                "keep_days": [(Enquiry.Status(status).label, days) for status, days in run.keep_days.items()],
            }
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description="when", ordering="at")
    def when(self, run: PurgeRun) -> str:
        return second(run.at)

    @admin.display(description="enquiries")
    def total(self, run: PurgeRun) -> int:
        return run.total

    @admin.display(description="reason")
    def reasons(self, run: PurgeRun) -> str:
        return "; ".join(f"{PurgeRun.Reason(reason).label}: {count}" for reason, count in run.counts.items())

    @admin.display(description="deleted by")
    def who(self, run: PurgeRun) -> str:
        return run.actor_name or "on schedule"
