"""No one is signed in before the second step: until then `request.user` is anonymous.

Everything that looks at `request.user` is therefore protected, without a list of addresses. Only
`user_before_second_step` returns a user who has given just the password.
"""

from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from clinic.sign_in.devices import has_authenticator

# In the session of users who had a second step when they gave their password.
MUST_GIVE_CODE = "must_give_code"
WAITING_USER = "clinic.user_before_second_step"


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
