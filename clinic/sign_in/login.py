"""The page for username and password, the same for both admins, and where each user goes next."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin.views.account import LoginView as WagtailLoginView
from wagtail.admin.views.account import PasswordResetConfirmView as WagtailPasswordResetConfirmView

from clinic.admin.site import WAGTAIL_PERMISSION, landing_url
from clinic.lib.http import read_only
from clinic.sign_in import limits
from clinic.sign_in.middleware import must_give_code, user_before_second_step


class LoginView(WagtailLoginView):
    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        if waiting := user_before_second_step(self.request):
            return redirect_to_login(next_url(self.request, waiting), "second_step_code")
        if user.is_authenticated and not user.has_perm(WAGTAIL_PERMISSION):
            return HttpResponseRedirect(landing_url(user))
        if user.is_authenticated:  # Wagtail would take `next=null` for the name of a view, and fail
            return HttpResponseRedirect(self.get_success_url())
        return cast("HttpResponse", super().get(*args, **kwargs))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with limits.turn(self.request) as is_our_turn:
            if not is_our_turn:
                return limits.wait_page(self.request)
            return cast("HttpResponse", super().post(*args, **kwargs))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponseRedirect = super().form_valid(form)
        if must_give_code(self.request, form.get_user()):
            return redirect_to_login(response.url, "second_step_code")
        return limits.remember_browser(response, form.get_user())

    def get_success_url(self) -> str:
        return next_url(self.request, cast("User", self.request.user))


class PasswordResetConfirmView(WagtailPasswordResetConfirmView):
    """Remembers the browser: the owner of the mailbox can sign in even while others are guessing the password."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        return limits.remember_browser(super().form_valid(form), self.user)


@read_only
@login_required
def landing(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(landing_url(request.user))


def next_url(request: HttpRequest, user: User) -> str:
    """Return the requested page of this site if the user may see it, else where they work."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    permissions = {"wagtailadmin_home": WAGTAIL_PERMISSION, "admin:index": settings.DESK_PERMISSION}
    refused = any(wanted.startswith(reverse(name)) and not user.has_perm(one) for name, one in permissions.items())
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and not refused else landing_url(user)
