"""The default site cannot be deleted: the clinic's phone number, wording and notification address would go with it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail.admin import messages
from wagtail.sites.views import DeleteView, SiteViewSet

REASON = (
    "This site cannot be deleted: the clinic's phone number, wording and the address for staff notifications would be "
    "deleted with it. To give it another name or home page, edit it."
)


class SiteDeleteView(DeleteView):
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if self.object.is_default_site and request.user.has_perm("wagtailcore.delete_site"):
            messages.error(request, REASON)
            return redirect(self.edit_url_name, self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class ClinicSiteViewSet(SiteViewSet):
    delete_view_class = SiteDeleteView


def delete_site_url() -> URLPattern:
    """Return the URL at which Wagtail deletes a site. Hooks come before Wagtail's own URLs, so this one wins."""
    sites = ClinicSiteViewSet("wagtailsites", url_prefix="sites")
    return path("sites/delete/<int:pk>/", sites.delete_view)
