"""The activity log of one enquiry, to print for a patient who asks who saw it; also after the enquiry was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from contact.admin.base import render_page
from contact.models import Enquiry
from contact.models.enquiry import as_reference
from contact.workflow.activity_log import activity_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

PERMISSION = "contact.view_enquiryevent"
TEMPLATE = "enquiry/activity_log.html"


def activity_view(model_admin: ModelAdmin, request: HttpRequest, reference: str) -> HttpResponse:
    _check(request)
    known = as_reference(reference)
    activities, readers = activity_of(known) if known else ([], [])
    enquiry = Enquiry.objects.filter(reference=known).first() if known else None
    context = {
        "title": f"Activity log of enquiry {known or reference}",
        "reference": known or reference,
        "activities": activities,
        "readers": readers,
        "enquiry": enquiry,
        "printed_at": timezone.now(),
    }
    return render_page(model_admin, request, TEMPLATE, context, status=200 if activities or enquiry else 404)


def activity_search_view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    _check(request)
    typed = request.GET.get("reference", "")
    if known := as_reference(typed):
        return HttpResponseRedirect(reverse("admin:contact_enquiry_who_saw", args=[known]))
    return render_page(model_admin, request, TEMPLATE, {"title": "Activity log of one enquiry", "typed": typed})


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
