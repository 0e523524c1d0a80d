"""How often someone may try to sign in. Anyone who has to wait is refused before the slow hashing of the password.

django-axes records wrong passwords and codes, with the network instead of the address. Those of the last day count by
name and network, by network, by name, and in all; each failure above a limit doubles the wait. Strangers cannot make a
colleague wait: a browser in which someone has signed in before has a count of its own (OWASP's “device cookies”), and
a network from which they have is asked only for the first count.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import BoundedSemaphore, Lock
from typing import Any, NamedTuple

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.lib.http import client_network
from clinic.sign_in.devices import log_action


class Limit(NamedTuple):
    without_wait: int  # so many failures
    first: timedelta
    longest: timedelta

    def ends(self, failures: int | None, last: datetime | None) -> datetime | None:
        """Return when the next attempt is allowed, or None if at once."""
        if not last or not failures or failures < self.without_wait:
            return None
        doublings = min(failures - self.without_wait, 20)
        return last + min(self.first * 2**doublings, self.longest)


HERE = Limit(6, timedelta(minutes=1), timedelta(hours=1))  # one name from one network, or in one known browser
NETWORK = Limit(20, timedelta(minutes=1), timedelta(hours=1))
# Short: they also slow down colleagues in a new place.
NAME = Limit(50, timedelta(seconds=1), timedelta(minutes=1))
IN_ALL = Limit(200, timedelta(seconds=1), timedelta(seconds=10))

UNKNOWN = "unknown-"
IN_KNOWN_BROWSER = " (known browser)"
COOKIE = "known_browser"
UNLOCKED = "clinic.sign_in.unlocked"
DAYS_KEPT = 90
WAIT = "clinic.seconds_to_wait"

# In each process one password is checked at a time and one more waits, so that some of its threads are left for pages.
_places, _checking = BoundedSemaphore(2), Lock()


class Handler(AxesDatabaseHandler):
    def get_failures(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        """Return how many limits are reached, and remember how long the longest wait is."""
        waits = _waits(request, counted_name(request, credentials))
        request.META[WAIT] = max(waits, default=0)
        return len(waits)


def _waits(request: HttpRequest, name: str) -> list[int]:
    network, now, attempts = client_network(request), timezone.now(), recent_attempts()
    counted: list[tuple[Limit, dict[str, Any]]]
    here = {"ip_address": network, "username": name}
    if name.endswith(IN_KNOWN_BROWSER):
        counted = [(HERE, {"username": name})]
    elif AccessLog.objects.filter(**here).exists():
        counted = [(HERE, here)]
    else:
        counted = [(HERE, here), (NETWORK, {"ip_address": network}), (NAME, {"username": name}), (IN_ALL, {})]
    sums = {"failures": Sum("failures_since_start"), "last": Max("attempt_time")}
    ends = [limit.ends(**attempts.filter(**where).aggregate(**sums)) for limit, where in counted]
    return [-(-(end - now) // timedelta(seconds=1)) for end in ends if end and end > now]


def recent_attempts() -> QuerySet[AccessAttempt]:
    """Return those that count: of the last day, and not from a clock that was ahead and has been put back."""
    now = timezone.now()
    return AccessAttempt.objects.filter(attempt_time__range=(now - settings.AXES_COOLOFF_TIME, now))


def wait_page(request: HttpRequest, *_args: Any) -> HttpResponse:
    seconds = request.META.get(WAIT, 1)
    wait = {"seconds": seconds, "minutes": -(-seconds // 60)}
    response = render(request, "sign_in/locked_out.html", wait, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


@contextmanager
def turn(request: HttpRequest) -> Iterator[bool]:
    """Yield whether this password can be checked now; too many at once would slow down the whole site.

    Colleagues in a known browser always get their turn.
    """
    is_known = counted_name(request).endswith(IN_KNOWN_BROWSER)
    if not is_known and not _places.acquire(blocking=False):
        request.META[WAIT] = 3
        yield False
        return
    try:
        with _checking:
            yield True
    finally:
        if not is_known:
            _places.release()


def remember_browser(response: HttpResponse, user: User) -> HttpResponse:
    """Let the browser prove, for the next 90 days, that this user has signed in with it."""
    response.set_signed_cookie(
        COOKIE,
        str(user.pk),
        salt=COOKIE,
        max_age=timedelta(days=DAYS_KEPT),
        path="/admin/login/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the username of this attempt, and whether it is made in a browser in which that user has signed in before.

    A name that no one has becomes a keyed hash: it may be a mistyped password.
    """
    typed = str((credentials or request.POST).get("username") or "").replace("\0", "")
    if user := get_user_model().objects.filter(username=typed).first():
        known = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=timedelta(days=DAYS_KEPT))
        return typed + IN_KNOWN_BROWSER if known == str(user.pk) else typed
    return UNKNOWN + salted_hmac("clinic.unknown-name", typed, algorithm="sha256").hexdigest()[:12]


def may_try(request: HttpRequest, user: User) -> bool:
    return bool(AxesProxyHandler.is_allowed(request, {"username": user.get_username()}))


def locked_names() -> set[str]:
    """Return the users who have to wait in one place or more."""
    now = timezone.now()
    places = recent_attempts().values_list("username", "ip_address").order_by()
    sums = places.annotate(Sum("failures_since_start"), Max("attempt_time"))
    ends = {name.removesuffix(IN_KNOWN_BROWSER): HERE.ends(failures, last) for name, _network, failures, last in sums}
    return {name for name, end in ends.items() if end and end > now}


def unlock(user: User, by: User) -> None:
    for name in (user.get_username(), user.get_username() + IN_KNOWN_BROWSER):
        reset(username=name)
    log_action(user, UNLOCKED, by)


def delete_old_records() -> int:
    """Delete the records of signing in that are older than `DAYS_KEPT`, and return how many there were."""
    before = timezone.now() - timedelta(days=DAYS_KEPT)
    records = (AccessLog, AccessFailureLog, AccessAttempt)
    return sum(model.objects.filter(attempt_time__lte=before).delete()[0] for model in records)
