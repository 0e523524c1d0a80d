"""Views that belong to no page: search, health, errors, signing in."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.admin.views.account import LoginView as WagtailLoginView

from clinic.admin_site import DESK_PERMISSION, WAGTAIL_PERMISSION, landing_address
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


class SignInView(WagtailLoginView):
    """Wagtail's sign-in page for both admins: afterwards each person lands where they work."""

    def get(self, *args: object, **kwargs: object) -> HttpResponse:
        user = self.request.user
        if user.is_authenticated and not user.has_perm(WAGTAIL_PERMISSION):
            return HttpResponseRedirect(landing_address(user))
        return super().get(*args, **kwargs)

    def get_success_url(self) -> str:
        """Return the page that was asked for when this person may see it, else where they work."""
        asked = str(self.get_redirect_url())
        for admin_address, permission in (
            (reverse("wagtailadmin_home"), WAGTAIL_PERMISSION),
            (reverse("admin:index"), DESK_PERMISSION),
        ):
            if asked.startswith(admin_address) and not self.request.user.has_perm(permission):
                return landing_address(self.request.user)
        return asked or landing_address(self.request.user)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Show whom to call, from the last known copy: the database may be what is broken."""
    contact = contact_details()
    try:
        return HttpResponse(render_to_string("500.html", {"clinic": contact}), status=500)
    except Exception:
        # Whatever broke the page may have broken this template too; the visitor still gets a number to call.
        logger.exception("The error page could not be drawn.")
        return HttpResponse(plain_error_page(contact), status=500, headers={"Content-Security-Policy": POLICY})
