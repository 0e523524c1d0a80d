"""The Django admin as the clinic's desk, and where users land after signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

WAGTAIL_PERMISSION = "wagtailadmin.access_admin"
# What belongs to the page, not to what was posted.
OWN_FIELDS = {"csrfmiddlewaretoken", "unlock_password"}

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")


class ClinicAdminSite(admin.AdminSite):
    site_header = "Clinic desk"
    site_title = "Clinic desk"
    index_title = "Needs your attention"
    empty_value_display = "–"
    enable_nav_sidebar = False  # for two lists

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in users with `DESK_PERMISSION` and superusers; `is_staff` is not used."""
        return request.user.is_active and request.user.has_perm(settings.DESK_PERMISSION)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return Django's list of models, computed only when a template uses it: most pages of the desk do not."""
        apps = SimpleLazyObject(lambda: super(ClinicAdminSite, self).get_app_list(request, app_label))
        return cast("list[Any]", apps)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("admin:index"))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Refuse signed-in users without permission, instead of asking them to sign in again."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def refusing(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return cast("View", refusing)


def landing_url(user: User | AnonymousUser) -> str:
    """Return where this user works: the Wagtail admin, else the desk, else the public site."""
    if user.has_perm(WAGTAIL_PERMISSION):
        return reverse("wagtailadmin_home")
    if user.has_perm(settings.DESK_PERMISSION):
        return reverse("admin:index")
    return "/"


def repeat_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a page that has what was posted in hidden fields, to post it again; `context["asks"]` says why.

    Nothing typed is lost, or stored meanwhile.
    """
    posted = [(name, value) for name, values in request.POST.lists() if name not in OWN_FIELDS for value in values]
    shared = {**admin.site.each_context(request), "posted": posted, "address": request.get_full_path()}
    response = render(request, "admin/repeat.html", shared | context, status=status)
    add_never_cache_headers(response)
    return response
