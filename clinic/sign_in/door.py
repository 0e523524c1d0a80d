"""The page for name and password, one for both admins, and where each person goes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin.views.account import LoginView as WagtailLoginView

from clinic.admin.site import WAGTAIL_PERMISSION, landing_url
from clinic.sign_in.gate import must_prove, person_at_the_door

if TYPE_CHECKING:
    from typing import Any

    from django.contrib.auth.forms import AuthenticationForm
    from django.contrib.auth.models import User


class SignInView(WagtailLoginView):
    """Wagtail's sign-in page for both admins: afterwards each person lands where they work."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        if person := person_at_the_door(self.request):
            return to_second_step(next_address(self.request, person))
        if user.is_authenticated and not user.has_perm(WAGTAIL_PERMISSION):
            return HttpResponseRedirect(landing_url(user))
        return cast("HttpResponse", super().get(*args, **kwargs))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponseRedirect = super().form_valid(form)
        person = form.get_user()
        return to_second_step(response.url) if must_prove(self.request, person) else response

    def get_success_url(self) -> str:
        return next_address(self.request, cast("User", self.request.user))


@login_required
def landing(request: HttpRequest) -> HttpResponse:
    """Send each user to where they work."""
    return HttpResponseRedirect(landing_url(request.user))


def next_address(request: HttpRequest, person: User) -> str:
    """Return the page that was asked for when this person may see it, else where they work; never another site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    for admin_address, permission in (
        (reverse("wagtailadmin_home"), WAGTAIL_PERMISSION),
        (reverse("admin:index"), settings.DESK_PERMISSION),
    ):
        if asked.startswith(admin_address) and not person.has_perm(permission):
            return landing_url(person)
    return asked if is_ours else landing_url(person)


def to_second_step(wanted: str) -> HttpResponseRedirect:
    """Ask for the code, or for the set-up where there is none yet; then go to `wanted`."""
    return HttpResponseRedirect(f"{reverse('second_step_code')}?{urlencode({'next': wanted})}")


def to_sign_in(wanted: str = "") -> HttpResponseRedirect:
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}{query}")
