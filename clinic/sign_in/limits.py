"""Wrong passwords and codes, counted by django-axes for each username and address, and then refused for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.sign_in.devices import log_action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.contrib.auth.models import User
    from django.http import HttpRequest

UNKNOWN = "unknown-"
UNLOCKED = "clinic.sign_in.unlocked"
# A little longer than the two years between two audits of safeguards, which the law requires.
DAYS_KEPT = 800


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the username of this attempt; a keyed hash if no one has it, because it may be a mistyped password."""
    typed = str((credentials or request.POST).get("username") or "").replace("\0", "")
    if get_user_model().objects.filter(username=typed).exists():
        return typed
    return UNKNOWN + salted_hmac("clinic.unknown-name", typed, algorithm="sha256").hexdigest()[:12]


def may_try(request: HttpRequest, user: User) -> bool:
    return bool(AxesProxyHandler.is_allowed(request, {"username": user.get_username()}))


def locked_names() -> set[str]:
    """Return the users who are locked out at one address or more."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(attempts.values_list("username", flat=True))


def unlock(user: User, by: User) -> None:
    reset(username=user.get_username())
    log_action(user, UNLOCKED, by)


def delete_old_records() -> int:
    """Delete the records of signing in that are older than `DAYS_KEPT`, and return how many there were."""
    return AxesProxyHandler.reset_logs(age_days=DAYS_KEPT) + AxesProxyHandler.reset_failure_logs(age_days=DAYS_KEPT)
