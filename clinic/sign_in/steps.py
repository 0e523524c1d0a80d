"""The pages of the second step: give a code, set up an app, and see how you sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import django_otp
from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from clinic.sign_in import devices, limits
from clinic.sign_in.login import next_url
from clinic.sign_in.middleware import has_given_code, user_before_second_step


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


def for_user(view: Callable[[HttpRequest, User, str], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Call the view with the user who has given at least the password, and the address where they go next."""

    @never_cache
    @sensitive_post_parameters("code")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        user = request.user if request.user.is_authenticated else user_before_second_step(request)
        if user is None:
            return redirect_to_login(request.GET.get("next", ""))
        return view(request, user, next_url(request, user))

    return checked


@for_user
def code(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    if has_given_code(user):
        return HttpResponseRedirect(next_url)
    if not devices.has_authenticator(user):
        return set_up(request)
    form = CodeForm(request.POST or None)
    if not limits.may_try(request, user):
        return limits.wait_page(request)
    if lets_in(request, user, form, devices.use_code):
        return limits.remember_browser(HttpResponseRedirect(next_url), user)
    form.fields["code"].widget.attrs["autofocus"] = True
    return render(request, "sign_in/code.html", context(request, form, next_url))


@for_user
def set_up(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    """Show the secret, and start using the app when it gives the right code. To replace an app, its code is needed."""
    replaces = devices.has_authenticator(user)
    if replaces and not has_given_code(user):
        return redirect_to_login(next_url, "second_step_code")
    form = CodeForm(request.POST or None)
    if not limits.may_try(request, user):
        return limits.wait_page(request)
    if lets_in(request, user, form, devices.confirm):
        return limits.remember_browser(show_codes(request, user, next_url), user)
    form.fields["code"].widget.attrs["inputmode"] = "numeric"
    device = devices.unconfirmed_authenticator(user)
    more = {
        "qr_code": mark_safe(devices.qr_code(device)),  # noqa: S308  our own drawing; it contains no typed text
        "secret": devices.grouped_secret(device),
        "replaces": replaces,
    }
    return render(request, "sign_in/set_up.html", context(request, form, next_url) | more)


@for_user
def mine(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    app = TOTPDevice.objects.devices_for_user(user, confirmed=True).first()
    if user_before_second_step(request) or (app and not has_given_code(user)):
        return redirect_to_login(request.path, "second_step_code")
    if request.method == "POST" and app:
        return show_codes(request, user, next_url)
    codes_left = devices.recovery_codes_left(user)
    return render(request, "sign_in/mine.html", {"app": app, "codes_left": codes_left, "next": next_url})


def lets_in(request: HttpRequest, user: User, form: CodeForm, use: Callable[[User, str], Device | None]) -> bool:
    """Sign the user in if a code was given and is right; if it is wrong, say so in the form."""
    if not form.is_valid():
        return False
    if device := use(user, form.cleaned_data["code"]):
        request.user = user
        request.session.cycle_key()  # someone else may know the old one
        django_otp.login(request, device)
        return True
    # Counted like a wrong password.
    user_login_failed.send(__name__, credentials={"username": user.get_username()}, request=request)
    # django-otp refuses all codes for a while, longer after each wrong one; after half a minute limits.py takes over.
    form.add_error("code", "This code is wrong, or was already used. Wait half a minute, then try again.")
    return False


def show_codes(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    codes = devices.new_recovery_codes(user)
    return render(request, "sign_in/recovery_codes.html", {"codes": codes, "next": next_url})


def context(request: HttpRequest, form: CodeForm, next_url: str) -> dict[str, Any]:
    return {"form": form, "next": next_url, "can_leave": user_before_second_step(request) is not None}
