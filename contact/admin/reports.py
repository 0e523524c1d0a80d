"""Three pages to look at: system status, statistics, and the audit of safeguards."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from contact.admin.base import ReadOnlyAdmin, render_page
from contact.jobs import job_specs
from contact.models import Alarm, DeskSettings, Job, Message, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring.alarms import send_alarm
from contact.monitoring.health import problems, unread_mail
from contact.privacy.audit import run_audit
from contact.statistics import statistics

LATEST = 15


@admin.register(Job)
class SystemStatusAdmin(ReadOnlyAdmin):
    """Registered for its address and the permission `contact.view_job`; there is nothing to edit."""

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("", guarded(self.changelist_view), name="contact_job_changelist"),
            path("test-alarm/", guarded(self.send_test_alarm), name="contact_job_test_alarm"),
        ]

    def send_test_alarm(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            has_arrived, error = send_alarm(Alarm(kind=AlarmType.TEST))
            if has_arrived:
                messages.success(request, "The test alarm was sent. Check that it has arrived.")
            if error:
                messages.error(request, f"A test alarm could not be sent. {error}")
        return HttpResponseRedirect(reverse("admin:contact_job_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
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
