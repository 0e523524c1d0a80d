"""For managers, under Settings → Signing in: how everyone signs in, and help for those who cannot."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from clinic.admin.users import MANAGES_USERS, refuse_administrators
from clinic.sign_in import devices, limits

URL_NAME = "signing_in"
PERMISSION = MANAGES_USERS


def active_users() -> QuerySet[User]:
    """Return everyone who can sign in, with `has_second_step` and their roles."""
    app = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    active = get_user_model().objects.filter(is_active=True)
    return active.annotate(has_second_step=Exists(app)).prefetch_related("groups").order_by("username")


class PeopleView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_required = PERMISSION
    raise_exception = True
    template_name = "sign_in/people.html"
    page_title = "Signing in"
    header_icon = "key"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"people": active_users(), "locked": limits.locked_names()}
        return super().get_context_data(**kwargs) | more | {"is_required": settings.REQUIRE_SECOND_FACTOR}

    def post(self, request: HttpRequest) -> HttpResponse:
        user, by = get_object_or_404(active_users(), pk=request.POST.get("person")), request.user
        refuse_administrators(request, [user])
        if not isinstance(by, User):
            raise PermissionDenied
        if "unlock" in request.POST:
            limits.unlock(user, by)
            messages.success(request, f"{user.get_username()} can try again now.")
        elif "remove" in request.POST:
            devices.remove(user, by)
            messages.success(request, f"{user.get_username()} will set up a new second step at the next sign-in.")
        return redirect(URL_NAME)
