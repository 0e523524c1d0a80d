"""One page about the site itself: problems, scheduled jobs, alarms, form checks and waiting mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from contact.jobs import job_specs
from contact.models import Alarm, Job, Message, SyntheticCheck
from contact.monitoring.health import problems

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

LATEST = 15


@admin.register(Job)
class SystemStatusAdmin(admin.ModelAdmin):
    """Registered for its address and the permission `contact.view_job`; there is nothing to edit."""

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(self.changelist_view), name="contact_job_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now, unsent = timezone.now(), Message.objects.unsent()
        titles = {spec.name: spec.title for spec in job_specs()}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "System status",
            "problems": problems(now),
            "jobs": [(titles.get(job.name, job.name), job) for job in Job.objects.all()],
            "alarms": Alarm.objects.all()[:LATEST],
            "checks": SyntheticCheck.objects.all()[:LATEST],
            "unsent": unsent.count(),
            "oldest_unsent": unsent.order_by("created_at").values_list("created_at", flat=True).first(),
            "undelivered": Message.objects.needing_attention(now).count(),
        }
        return TemplateResponse(request, "admin/contact/job/system_status.html", context)
