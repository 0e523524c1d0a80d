"""For managers: who can sign in, how safely, and help for those who cannot. In Wagtail, Settings → Signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from clinic.admin.users import refuse_administrators
from clinic.sign_in import devices, limits

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

ADDRESS = "signing_in"
MAY_MANAGE = "auth.change_user"


def people() -> QuerySet[User]:
    """Return everybody who can sign in, with `has_second_step` and their roles."""
    app = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    active = get_user_model().objects.filter(is_active=True)
    return active.annotate(has_second_step=Exists(app)).prefetch_related("groups").order_by("username")


class PeopleView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "sign_in/people.html"
    page_title = "Signing in"
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_MANAGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {
            "people": people(),
            "locked": limits.locked_names(),
            "is_required": settings.REQUIRE_SECOND_FACTOR,
        }
        return super().get_context_data(**kwargs) | more

    def post(self, request: HttpRequest) -> HttpResponse:
        person = get_object_or_404(people(), pk=request.POST.get("person"))
        refuse_administrators(request, [person])
        by = request.user
        if not isinstance(by, User):
            raise PermissionDenied
        if "unlock" in request.POST:
            limits.unlock(person, by)
            messages.success(request, f"{person.get_username()} can try again now.")
        elif "take_away" in request.POST:
            devices.take_away(person, by)
            messages.success(request, f"{person.get_username()} sets up a new second step at the next sign-in.")
        return HttpResponseRedirect(reverse(ADDRESS))
