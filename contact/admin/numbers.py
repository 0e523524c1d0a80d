"""The statistics page of the desk: the last twelve months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contact.statistics.charts import statistics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

PERMISSION = "contact.view_enquiry"


def numbers_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        now = timezone.now()
        figures, charts = statistics(now)
        context = {
            **model_admin.admin_site.each_context(request),
            "title": "Statistics: the last twelve months",
            "figures": figures,
            "charts": charts,
            "now": now,
        }
        return TemplateResponse(request, "admin/contact/enquiry/numbers.html", context)

    return view
