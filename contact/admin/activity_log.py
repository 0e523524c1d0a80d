"""The activity log, the activity log of one enquiry to print for the patient, and the deletion records.

No one changes or deletes a row here, not even a superuser; the log stays when an enquiry is deleted.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from contact.admin.base import ReadOnlyAdmin, render_page
from contact.admin.filters import SITE_ITSELF, ActorFilter
from contact.models import Enquiry, EnquiryEvent, PurgeRun
from contact.models.enquiry import as_reference
from contact.privacy.deletion import due, is_unusual, purge
from contact.workflow.activity_log import activity_of

NAMES = {"entries": "notes, calls and replies", "outgoing e-mails": "e-mails", "shares": "colleagues asked"}


@admin.register(EnquiryEvent)
class EnquiryEventAdmin(ReadOnlyAdmin):
    heading = "Activity log"
    list_display = ("when", "kind", "about", "who", "ip_address", "detail")
    list_filter = ("kind", ("actor", ActorFilter), "at")
    search_fields = ("actor_name", "reference", "references")
    search_help_text = "Reference (also of a deleted enquiry) or a colleague’s user name"
    fields = ("when", "kind", "reference", "references", "who", "ip_address", "detail")
    readonly_fields = fields

    @admin.display(description="enquiry")
    def about(self, event: EnquiryEvent) -> str:
        references = event.references.split()
        if references[3:]:
            return f"{len(references)} enquiries"
        return event.reference or ", ".join(references)

    @admin.display(description="who")
    def who(self, event: EnquiryEvent) -> str:
        return event.actor_name or SITE_ITSELF


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    heading = "Deletion records"
    list_display = ("when", "total", "reasons", "who")
    list_filter = ("at",)

    def get_urls(self) -> list[URLPattern]:
        confirm = self.page("confirm", "confirm/", self.confirm_view, ["POST"], "contact.erase_enquiry")
        return [confirm, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask first where far more than usual is due (`purgerun/change_list.html`)."""
        now = timezone.now()
        number = due(now).count()
        context = {"number_due": number, "now": now} if is_unusual(number, now) else {}
        return super().changelist_view(request, context | (extra_context or {}))

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        run = purge(confirmed=True, request=request)
        messages.success(request, f"Deleted: {run.total}." if run else "Nothing is due for deletion.")
        return HttpResponseRedirect(reverse("admin:contact_purgerun_changelist"))

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
                # Sorted: PostgreSQL does not keep the order of keys.
                "keep_days": [(Enquiry.Status(status).label, days) for status, days in sorted(run.keep_days.items())],
            }
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description="reason")
    def reasons(self, run: PurgeRun) -> str:
        return "; ".join(f"{PurgeRun.Reason(reason).label}: {count}" for reason, count in run.counts.items())

    @admin.display(description="deleted by")
    def who(self, run: PurgeRun) -> str:
        return run.actor_name or "on schedule"


def activity_view(model_admin: ModelAdmin, request: HttpRequest, reference: str = "") -> HttpResponse:
    """Show the log of one enquiry, which may be deleted, or ask for its reference."""
    typed = reference or request.GET.get("reference", "")
    known = as_reference(typed)
    activities, readers = activity_of(known) if known else ([], [])
    enquiry = Enquiry.objects.filter(reference=known).first() if known else None
    context = {
        "title": f"Activity log of {f'enquiry {known}' if known else 'one enquiry'}",
        "reference": known,
        "typed": typed,
        "activities": activities,
        "readers": readers,
        "enquiry": enquiry,
        "printed_at": timezone.now(),
    }
    is_missing = typed and not activities and not enquiry
    return render_page(model_admin, request, "enquiry/activity_log.html", context, 404 if is_missing else 200)
