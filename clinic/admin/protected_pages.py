"""The page that a site begins with: to delete it would take the site and all its settings along, so nobody may."""

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

WHY_NOT = {
    "delete": "“{page}” cannot be deleted: the whole site begins there, and its phone number, wording and the address "
    "for enquiry notices would go with it.",
    "unpublish": "“{page}” cannot be unpublished: the whole site begins there, and every address of it would be empty.",
}
WHY_THE_SITE_STAYS = (
    "This site cannot be deleted: the clinic's phone number, wording and the address for enquiry notices would go with "
    "it. To give it another name or first page, edit it."
)


def root_among(pages: Iterable[Page], *, with_pages_below: bool) -> Page | None:
    """Return the first page of a site where it is one of these, or stands below one of these."""
    if with_pages_below:
        wanted = [Q(path__startswith=page.path) for page in pages]
    else:
        wanted = [Q(pk=page.pk) for page in pages]
    if not wanted:
        return None
    return Page.objects.filter(Q(*wanted, _connector=Q.OR), sites_rooted_here__isnull=False).order_by("path").first()


def refusal(request: HttpRequest, action: str, pages: Iterable[Page]) -> HttpResponseRedirect | None:
    """Say why not and lead back to the list of pages, where the action would take away the first page of a site."""
    root = root_among(pages, with_pages_below=action == "delete" or "include_descendants" in request.POST)
    if root is None:
        return None
    messages.error(request, WHY_NOT[action].format(page=root.get_admin_display_title()))
    return redirect("wagtailadmin_explore", root.get_parent().pk)


class SiteDeleteView(DeleteView):
    """Wagtail's own, but not for the site that the clinic's details belong to."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return self.refused() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return self.refused() or super().post(request, *args, **kwargs)

    def refused(self) -> HttpResponseRedirect | None:
        if not self.object.is_default_site:
            return None
        messages.error(self.request, WHY_THE_SITE_STAYS)
        return redirect(self.edit_url_name, self.object.pk)


class ClinicSiteViewSet(SiteViewSet):
    delete_view_class = SiteDeleteView


def delete_site_address() -> URLPattern:
    """Return the address at which Wagtail deletes a site; ours stands before Wagtail's own, and is found first."""
    sites = ClinicSiteViewSet("wagtailsites", url_prefix="sites")
    return path("sites/delete/<int:pk>/", sites.delete_view)
