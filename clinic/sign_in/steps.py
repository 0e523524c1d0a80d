"""The pages of the second step: give the code, set it up, and everybody's own page about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_otp
from django import forms
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from clinic.sign_in import devices, limits
from clinic.sign_in.door import next_address, to_second_step, to_sign_in
from clinic.sign_in.gate import is_proven, person_at_the_door

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest
    from django_otp.models import Device

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    @property
    def typed(self) -> str:
        return str(self.cleaned_data["code"])


class NumberForm(CodeForm):
    """Digits alone, so that a phone shows its number pad."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


@never_cache
@sensitive_post_parameters("code")
@get_and_post
def code(request: HttpRequest) -> HttpResponse:
    """Ask for a code from the app, or one of the recovery codes."""
    person = whoever(request)
    if person is None:
        return to_sign_in(request.GET.get("next", ""))
    wanted = next_address(request, person)
    if is_proven(person):
        return HttpResponseRedirect(wanted)
    if not devices.has_authenticator(person):
        return set_up(request)
    if not limits.may_try(request, person):
        return limits.locked_out(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device := devices.prove(person, form.typed):
            let_in(request, person, device)
            return HttpResponseRedirect(wanted)
        refuse(request, person, form)
    form.fields["code"].widget.attrs["autofocus"] = ""
    return render(request, "sign_in/code.html", frame(request, form, wanted))


@never_cache
@sensitive_post_parameters("code")
@get_and_post
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret, and take the app into use when it gives the right code. Replacing one needs the old one."""
    person = whoever(request)
    if person is None:
        return to_sign_in(request.GET.get("next", ""))
    wanted = next_address(request, person)
    replaces = devices.has_authenticator(person)
    if replaces and not is_proven(person):
        return to_second_step(wanted)
    if not limits.may_try(request, person):
        return limits.locked_out(request)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device := devices.confirm(person, form.typed):
            let_in(request, person, device)
            return show_codes(request, person, wanted)
        refuse(request, person, form)
    device = devices.authenticator_in_the_making(person)
    drawn = {
        # Drawn by us from a secret of ours: nothing in it was typed by anybody but the clinic's own name.
        "qr_code": mark_safe(devices.qr_code(device)),  # noqa: S308 - a drawing of ours
        "secret": devices.secret_in_words(device),
        "replaces": replaces,
    }
    return render(request, "sign_in/set_up.html", frame(request, form, wanted) | drawn)


@never_cache
@get_and_post
def mine(request: HttpRequest) -> HttpResponse:
    """Show everybody how they sign in, and make new recovery codes."""
    person = whoever(request)
    if person is None:
        return to_sign_in(request.path)
    app = TOTPDevice.objects.devices_for_user(person, confirmed=True).first()
    if person_at_the_door(request) or (app and not is_proven(person)):
        return to_second_step(request.path)
    work = next_address(request, person)
    if request.method == "POST" and app:
        return show_codes(request, person, work)
    about = {"has_authenticator": app is not None, "set_up_at": app and app.created_at, "next": work}
    return render(request, "sign_in/mine.html", about | {"codes_left": devices.recovery_codes_left(person)})


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Let somebody who has given the password alone begin again, as somebody else."""
    logout(request)
    return to_sign_in()


def whoever(request: HttpRequest) -> User | None:
    """Return who is signed in, or has given the password alone."""
    return request.user if request.user.is_authenticated else person_at_the_door(request)


def let_in(request: HttpRequest, person: User, device: Device) -> None:
    """Sign the person in for good, with a new session key: the one of before may be known to somebody else."""
    request.user = person
    request.session.cycle_key()
    django_otp.login(request, device)


def refuse(request: HttpRequest, person: User, form: CodeForm) -> None:
    limits.count_wrong_code(request, person)
    wait = devices.seconds_to_wait(person)
    again = f" Wait {wait} second{'' if wait == 1 else 's'}, then try again." if wait > 0 else " Try again."
    form.add_error("code", f"This code is not right, or was used already.{again}")


def show_codes(request: HttpRequest, person: User, wanted: str) -> HttpResponse:
    codes = devices.new_recovery_codes(person)
    return render(request, "sign_in/recovery_codes.html", {"codes": codes, "next": wanted})


def frame(request: HttpRequest, form: CodeForm, wanted: str) -> dict[str, Any]:
    if form.errors:
        form.fields["code"].widget.attrs |= {"aria-invalid": "true", "aria-describedby": "code-error"}
    return {"form": form, "next": wanted, "can_leave": person_at_the_door(request) is not None}
