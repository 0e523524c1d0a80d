"""How a page says when its copy turns wrong by itself, and when the last moment is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from django.http import HttpRequest

ENDS = "clinic.copy_ends"


def copy_ends(request: HttpRequest | None, moment: datetime | None) -> None:
    """Say while a page is drawn that what it shows is true until `moment` (aware) alone."""
    if request is not None and moment is not None:
        request.META.setdefault(ENDS, []).append(moment)


def end_of_copy(environ: MutableMapping[str, Any], now: datetime) -> datetime:
    """Return the earliest moment named for this request; midnight at the latest, when licences, reviews and
    closures begin or end.
    """
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min([midnight, *environ.get(ENDS, [])])
