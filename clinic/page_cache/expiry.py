"""When a response expires even if nothing is published."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.http import HttpRequest

EXPIRES_AT = "clinic.expires_at"


def expires_at(request: HttpRequest | None, moment: datetime | None) -> None:
    """Call while a page is rendered: what it shows is true until `moment` (aware)."""
    if request is not None and moment is not None:
        request.META.setdefault(EXPIRES_AT, []).append(moment)


def earliest_expiry(environ: Mapping[str, Any], now: datetime) -> datetime:
    """Return the earliest moment given for this request; at the latest midnight, when licences, reviews and closures
    begin or end.
    """
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min([midnight, *environ.get(EXPIRES_AT, [])])
