"""The audit of safeguards as a page to print and sign, for managers; `manage.py audit_safeguards` prints the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contact.privacy.audit import run_audit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

PERMISSION = "contact.view_enquiryevent"


def safeguards_view(model_admin: ModelAdmin) -> Callable[[HttpRequest], HttpResponse]:
    @never_cache
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        context = {
            **model_admin.admin_site.each_context(request),
            "title": "Audit of safeguards",
            "results": run_audit(),
            "made_at": timezone.now(),
        }
        return TemplateResponse(request, "admin/contact/enquiry/safeguards.html", context)

    return view
