"""Whom a request comes from: no one is signed in before the second step, and the desk locks while no one uses it.

Until the second step `request.user` is anonymous, so everything that looks at it is protected without a list of
addresses. Only `user_before_second_step` returns a user who has given just the password.

When the desk locks or a session has ended, nothing that was typed is lost: the answer is a page that has the posted
fields, to post them again. Scripts that ask on their own are no activity.
"""

import time
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.views.csrf import csrf_failure

from clinic.admin.permissions import autosaves_page, signed_out
from clinic.admin.site import repeat_page
from clinic.sign_in.devices import has_authenticator

# In the session of users who had a second step when they gave their password.
MUST_GIVE_CODE = "must_give_code"
WAITING_USER = "clinic.user_before_second_step"
ACTIVE_AT = "active_at"
# The session is stored, and its end put off, at most this often.
A_MINUTE = 60
DESK = "/django-admin/"
SIGN_IN = (f"{DESK}login/", f"{DESK}logout/")


class SecondStepMiddleware(MiddlewareMixin):
    """Comes after django-otp's middleware, which knows whether a code was given in this session."""

    def process_request(self, request: HttpRequest) -> None:
        # Lazy: most public pages never look at the user, and must not vary by cookie.
        request.user = cast("User", SimpleLazyObject(partial(_admit, request, request.user)))


def has_given_code(user: User | AnonymousUser) -> bool:
    return getattr(user, "otp_device", None) is not None


def must_give_code(request: HttpRequest, user: User) -> bool:
    """Return whether the user still has to give a code in this session."""
    return bool(settings.REQUIRE_SECOND_FACTOR or request.session.get(MUST_GIVE_CODE)) and not has_given_code(user)


def user_before_second_step(request: HttpRequest) -> User | None:
    """Return the user who has given the right password but no code yet."""
    # Looking at `request.user` also sets the value.
    return None if request.user.is_authenticated else cast("User | None", request.META.get(WAITING_USER))


def _admit(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if isinstance(user, AnonymousUser) or not user.is_authenticated or not must_give_code(request, user):
        return user
    request.META[WAITING_USER] = user
    return AnonymousUser()


def _remember_second_step(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    if has_authenticator(user):
        request.session[MUST_GIVE_CODE] = True


def connect() -> None:
    user_logged_in.connect(_remember_second_step, dispatch_uid="second-step")


class IdleMiddleware(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        return asked_first(request) if is_at_desk(request) else None


def is_at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(settings.LOCKED_PATHS) and not request.path.startswith(SIGN_IN)


def is_posted_here(request: HttpRequest) -> bool:
    """Return whether a page of this site posted it; no other site can have its fields shown to be sent again."""
    return request.method == "POST" and request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def asked_first(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks for the password, or to sign in; None where the request may go on."""
    if not request.user.is_authenticated:
        signed_out = {"title": "Please sign in again", "asks": "sign_in"}
        return repeat_page(request, signed_out, HTTPStatus.UNAUTHORIZED) if is_posted_here(request) else None
    now, is_poll = time.time(), "X-Poll" in request.headers
    idle = now - request.session.get(ACTIVE_AT, now)
    password = request.POST.get("unlock_password", "")
    if idle > settings.DESK_LOCKS_AFTER or password:
        name = request.user.get_username()
        if not password or not authenticate(request, username=name, password=password):
            context: dict[str, Any] = {"title": "The desk is locked", "asks": "password", "is_wrong": bool(password)}
            return repeat_page(request, context, HTTPStatus.FORBIDDEN)
    if not is_poll and (idle > A_MINUTE or ACTIVE_AT not in request.session):
        request.session[ACTIVE_AT] = now
    # A page that was only to be read is asked for once more.
    return HttpResponseRedirect(request.get_full_path()) if "unlock_read" in request.POST else None


def refused_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Ask to send it again where someone signed out, or in, since the page was opened; a page's editor asks itself."""
    if autosaves_page(request):
        return signed_out()
    if is_at_desk(request) and is_posted_here(request):
        return repeat_page(request, {"title": "Please send it once more", "asks": "send_again"}, HTTPStatus.FORBIDDEN)
    return csrf_failure(request, reason)
