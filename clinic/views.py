"""Views that belong to no page: search, health, errors, where each person works."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from clinic.admin_site import landing_address
from clinic.error_page import POLICY, plain_error_page
from clinic.last_known import contact_details
from clinic.search import find_pages

logger = logging.getLogger(__name__)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    results = find_pages(request, request.GET.get("q", ""), request.GET.get("page", "1"))
    return render(request, "clinic/search.html", {"results": results})


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the process is up; asks neither the database nor the cache."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def landing(request: HttpRequest) -> HttpResponse:
    """Send each person to where they work."""
    return HttpResponseRedirect(landing_address(request.user))


def server_error(_request: HttpRequest) -> HttpResponse:
    """Show whom to call, from the last known copy: the database may be what is broken."""
    contact = contact_details()
    try:
        return HttpResponse(render_to_string("500.html", {"clinic": contact}), status=500)
    except Exception:
        # Whatever broke the page may have broken this template too; the visitor still gets a number to call.
        logger.exception("The error page could not be drawn.")
        return HttpResponse(plain_error_page(contact), status=500, headers={"Content-Security-Policy": POLICY})
