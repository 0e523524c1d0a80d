"""A site's home page cannot be deleted or unpublished, because the site and all its settings would go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import redirect
from django.urls import path
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.sites.views import DeleteView, SiteViewSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponseRedirect
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern

LOST = "the clinic's phone number, wording and the address for staff notifications would be deleted with it."
REASONS = {
    "delete": f"“{{page}}” cannot be deleted: it is the home page of the site, and {LOST}",
    "unpublish": "“{page}” cannot be unpublished: it is the home page, and no page of the site could be reached.",
}
SITE_REASON = f"This site cannot be deleted: {LOST} To give it another name or home page, edit it."


def home_page_among(pages: Iterable[Page], *, include_descendants: bool) -> Page | None:
    """Return the first home page of a site that is one of these pages or below one of them."""
    condition = Q(pk__in=[])
    for page in pages:
        condition |= Q(path__startswith=page.path) if include_descendants else Q(pk=page.pk)
    return Page.objects.filter(condition, sites_rooted_here__isnull=False).order_by("path").first()


def refuse(request: HttpRequest, action: str, pages: Iterable[Page]) -> HttpResponseRedirect | None:
    """Redirect to the list of pages with the reason if the action would take away a home page; else return None."""
    include_descendants = action == "delete" or "include_descendants" in request.POST
    home = home_page_among(pages, include_descendants=include_descendants)
    if home is None:
        return None
    messages.error(request, REASONS[action].format(page=home.get_admin_display_title()))
    return redirect("wagtailadmin_explore", home.get_parent().pk)


class SiteDeleteView(DeleteView):
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if self.object.is_default_site and request.user.has_perm("wagtailcore.delete_site"):
            messages.error(request, SITE_REASON)
            return redirect(self.edit_url_name, self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class ClinicSiteViewSet(SiteViewSet):
    delete_view_class = SiteDeleteView


def delete_site_url() -> URLPattern:
    """Return the URL at which Wagtail deletes a site. Hooks come before Wagtail's own URLs, so this one wins."""
    sites = ClinicSiteViewSet("wagtailsites", url_prefix="sites")
    return path("sites/delete/<int:pk>/", sites.delete_view)
