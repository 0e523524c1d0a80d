"""The desk in pictures: twelve months on one page, with a table behind each picture; also to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contact.intake import promise
from contact.intake.reply_time import local
from contact.statistics import counting, figures, pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

    from contact.statistics.pictures import Picture

PERMISSION = "contact.view_enquiry"


def numbers_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        now = timezone.now()
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": "Twelve months in numbers",
            "pictures": twelve_months(now),
            "drawn_at": now,
        }
        return TemplateResponse(request, "admin/contact/enquiry/numbers.html", context)

    return view


def twelve_months(now: datetime) -> list[Picture]:
    """Return the pictures; none when nothing came in all that time."""
    hours, today = promise.plan().hours, local(now).date()
    counted = counting.twelve_months(hours, now)
    if not counted:
        return []
    weeks, months = counting.weeks(today), counting.months(today)
    by_month = [figures.Answers.of(counted, [month]) for month in months]
    return [
        pictures.weeks_by_topic(weeks, figures.by_topic(counted, weeks)),
        pictures.answers_by_month(months, by_month, figures.Answers.of(counted, months)),
        pictures.hours_of_day(figures.by_hour(counted, months), figures.staffed_hours(hours, today)),
    ]
