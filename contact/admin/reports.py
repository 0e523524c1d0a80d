"""System status, statistics, the audit of safeguards, and the list of enquiries as a file."""

from collections.abc import Callable
from operator import methodcaller

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.text import capfirst

from clinic.lib.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, write_csv, write_xlsx
from contact.admin.base import ReadOnlyAdmin, render_page
from contact.admin.enquiry_page import EnquiryPageAdmin
from contact.admin.filters import chosen_queue
from contact.form.forms import EnquiryForm
from contact.jobs import job_specs
from contact.models import Alarm, DeskSettings, Enquiry, Job, Message, SyntheticCheck
from contact.models.event import EventType, record
from contact.models.monitoring import AlarmType
from contact.monitoring.alarms import send_alarm
from contact.monitoring.health import problems, unread_mail
from contact.privacy.audit import run_audit
from contact.statistics import statistics
from contact.workflow.updates import SPAM, display_name

LATEST = 15
FORMATS = {"xlsx": ("Excel (XLSX)", XLSX_TYPE, write_xlsx), "csv": ("CSV", CSV_TYPE, write_csv)}


@admin.register(Job)
class SystemStatusAdmin(ReadOnlyAdmin):
    """Registered for its address and the permission `contact.view_job`; there is nothing to edit."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page("changelist", "", self.status_view, ["GET", "HEAD"], "contact.view_job"),
            self.page("test_alarm", "test-alarm/", self.send_test_alarm, ["POST"], "contact.view_job"),
        ]

    def send_test_alarm(self, request: HttpRequest) -> HttpResponse:
        has_arrived, error = send_alarm(Alarm(kind=AlarmType.TEST))
        if has_arrived:
            messages.success(request, "The test alarm was sent. Check that it has arrived.")
        if error:
            messages.error(request, f"A test alarm could not be sent. {error}")
        return HttpResponseRedirect(reverse("admin:contact_job_changelist"))

    def status_view(self, request: HttpRequest) -> HttpResponse:
        now, unsent = timezone.now(), Message.objects.unsent().filter(is_refused=False)
        rows = {job.name: job for job in Job.objects.all()}
        context = {
            "title": "System status",
            "problems": problems(now),
            "jobs": [(spec.title, rows[spec.name]) for spec in job_specs() if spec.name in rows],
            "alarms": Alarm.objects.all()[:LATEST],
            "checks": SyntheticCheck.objects.all()[:LATEST],
            "unsent": unsent.count(),
            "oldest_unsent": unsent.order_by("created_at").values_list("created_at", flat=True).first(),
            "unread_mail": unread_mail(),
            "mailbox_url": DeskSettings.load().mailbox_url,
            "undelivered": Message.objects.needing_attention(now).count(),
        }
        return render_page(self, request, "job/system_status.html", context)


def statistics_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    figures, charts = statistics(now)
    context = {"title": "Statistics: the last twelve months", "figures": figures, "charts": charts, "now": now}
    return render_page(model_admin, request, "enquiry/numbers.html", context)


def safeguards_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show the audit as a page to print and sign; `manage.py audit_safeguards` prints the same."""
    context = {"title": "Audit of safeguards", "results": run_audit(), "made_at": timezone.now()}
    return render_page(model_admin, request, "enquiry/safeguards.html", context)


def columns() -> dict[str, Callable[[Enquiry], Cell]]:
    """Return the columns by their headings; those of the answers follow from the form."""
    answers = {
        capfirst(str(field.verbose_name)): methodcaller("display", field.name)
        for field in Enquiry._meta.concrete_fields
        if field.name in EnquiryForm.answer_fields()
    }
    return {
        "Reference": lambda enquiry: enquiry.reference,
        "Received (Whitehorse time)": lambda enquiry: enquiry.received_at,
        "Status": lambda enquiry: enquiry.get_status_display(),
        "Sent from page": lambda enquiry: enquiry.about_title,
        **answers,
        "Assigned to": lambda enquiry: display_name(enquiry.assigned_to),
        "Answer by (Whitehorse time)": lambda enquiry: enquiry.due_at,
        "Answered (Whitehorse time)": lambda enquiry: enquiry.answered_at,
        "Closed (Whitehorse time)": lambda enquiry: enquiry.closed_at,
        "Legal hold": lambda enquiry: enquiry.legal_hold,
        "Warning signs": lambda enquiry: ", ".join(enquiry.red_flags),
        # Every enquiry is scored; the signs are reasons only where it was suspected.
        "Why suspected of spam": lambda enquiry: ", ".join(enquiry.screening_reasons if enquiry.status in SPAM else ()),
    }


def export_view(model_admin: EnquiryPageAdmin, request: HttpRequest) -> HttpResponse:
    """Show what would be exported, or export it: the list at the same address without `export/`."""
    found = model_admin.filtered(request).select_related("assigned_to")
    queue, extension = chosen_queue(request).label, request.POST.get("format", "")
    if extension in FORMATS and (enquiries := list(found)):
        references = [enquiry.reference for enquiry in enquiries]
        record(EventType.EXPORTED, request=request, references=references, detail=f"{extension.upper()}, {queue}")
        (_label, content_type, write), by_heading = FORMATS[extension], columns()
        rows: list[list[Cell]] = [[column(enquiry) for column in by_heading.values()] for enquiry in enquiries]
        name = f"enquiries-{timezone.localtime():%Y-%m-%d-%H%M}.{extension}"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(write([[*by_heading], *rows]), content_type=content_type, headers=disposition)
    context = {
        "title": "Export enquiries",
        "queue": queue,
        "is_filtered": bool(set(request.GET) - {"show", "p"}),
        "count": found.count(),
        "formats": [(name, label) for name, (label, _type, _write) in FORMATS.items()],
        "address": request.GET.urlencode(),
    }
    return render_page(model_admin, request, "enquiry/export.html", context)
