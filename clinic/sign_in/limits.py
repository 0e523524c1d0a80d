"""What is done about wrong passwords and codes: counted by name and network address, and refused for a while.

django-axes counts and keeps the record. A name that nobody has is kept as a keyed hash: it may be a password that
was typed into the wrong field.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.lib.client_ip import network_address
from clinic.sign_in.devices import on_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

UNKNOWN = "unknown-"
UNLOCKED = "clinic.sign_in.unlocked"


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the name that is counted for this attempt."""
    typed = str((credentials or request.POST).get("username") or "").replace("\0", "")
    if get_user_model().objects.filter(username=typed).exists():
        return typed
    return UNKNOWN + salted_hmac("clinic.unknown-name", typed, algorithm="sha256").hexdigest()[:12]


def counted_address(request: HttpRequest) -> str | None:
    return network_address(request) or None


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Say how long to wait, and who can help at once."""
    minutes = settings.AXES_COOLOFF_TIME.seconds // 60
    return render(request, "sign_in/locked_out.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS)


def may_try(request: HttpRequest, person: User) -> bool:
    """Say whether a code of this person's is looked at all."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": person.get_username()}))


def count_wrong_code(request: HttpRequest, person: User) -> None:
    """Count it like a wrong password."""
    user_login_failed.send(__name__, credentials={"username": person.get_username()}, request=request)


def locked_names() -> set[str]:
    """Return who has to wait now, from one address at least."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(attempts.values_list("username", flat=True))


def unlock(person: User, by: User) -> None:
    reset(username=person.get_username())
    on_record(person, UNLOCKED, by)
