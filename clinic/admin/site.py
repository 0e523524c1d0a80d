"""The Django admin as the clinic's desk, and where each person lands after signing in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

DESK_PERMISSION = "contact.view_enquiry"
WAGTAIL_PERMISSION = "wagtailadmin.access_admin"

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")


class ClinicAdminSite(AdminSite):
    site_header = "Clinic desk"
    site_title = "Clinic desk"
    index_title = "What needs me now?"
    empty_value_display = "–"
    enable_nav_sidebar = False  # two lists need no third column

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who may see enquiries, and superusers; the role alone decides, there is no second switch."""
        user = request.user
        return user.is_active and (user.is_superuser or user.has_perm(DESK_PERMISSION))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return Django's list of lists, made when it is read: each page of the desk carries it, few show it."""
        made = SimpleLazyObject(lambda: super(ClinicAdminSite, self).get_app_list(request, app_label))
        return cast("list[Any]", made)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the front panel, the one page above all lists; a redirect, where Django has a page."""
        return HttpResponseRedirect(reverse("admin:index"))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Refuse who is signed in but may not see the desk, instead of asking them to sign in once more."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def shown_or_refused(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return cast("View", shown_or_refused)


def landing_address(user: User | AnonymousUser) -> str:
    """Return where this person works: pages in the Wagtail admin, enquiries in the Django admin, else the site."""
    if user.has_perm(WAGTAIL_PERMISSION):
        return reverse("wagtailadmin_home")
    if user.has_perm(DESK_PERMISSION):
        return reverse("admin:index")
    return "/"
