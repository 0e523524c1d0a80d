"""Nobody is signed in before the second step: until then a request comes from an anonymous visitor.

Whatever asks `request.user`, now or in a later version of Django or Wagtail, is thereby safe without knowing of it;
there is no list of addresses to keep. Who has given the password alone is known to `person_at_the_door`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.utils.functional import SimpleLazyObject

from clinic.sign_in.devices import has_authenticator

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

# In the session of those who had a second step when they gave their password.
IS_ASKED = "second_step_is_asked"
AT_THE_DOOR = "clinic.person_at_the_door"


class SecondStepMiddleware:
    """Stands after django-otp's, which says whether this session has been proven."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Lazily: a visitor's page asks for no user, and its answer must not depend on a cookie.
        request.user = cast("User", SimpleLazyObject(partial(_admitted, request, request.user)))
        return self.get_response(request)


def is_proven(person: User | AnonymousUser) -> bool:
    """Say whether this person has given a code in this session."""
    return getattr(person, "otp_device", None) is not None


def must_prove(request: HttpRequest, person: User) -> bool:
    """Say whether this person has still to give a code before they are let in."""
    is_asked = settings.REQUIRE_SECOND_FACTOR or request.session.get(IS_ASKED)
    return bool(is_asked) and not is_proven(person)


def person_at_the_door(request: HttpRequest) -> User | None:
    """Return who has given the right password but no code yet."""
    if request.user.is_authenticated:
        return None
    return cast("User | None", request.META.get(AT_THE_DOOR))


def _admitted(request: HttpRequest, person: User | AnonymousUser) -> User | AnonymousUser:
    if not isinstance(person, AnonymousUser) and person.is_authenticated and must_prove(request, person):
        request.META[AT_THE_DOOR] = person
        return AnonymousUser()
    return person


def ask_who_has_a_second_step(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Remember in the new session that this person's password alone does not do."""
    if has_authenticator(user):
        request.session[IS_ASKED] = True


def connect() -> None:
    user_logged_in.connect(ask_who_has_a_second_step, dispatch_uid="second-step")
