"""What a check says now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable

    from contact.privacy.audit.finding import Finding


NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=200)


def holds(check: Callable[[Any], Finding]) -> bool:
    return not check(timezone.now()).falls_short


def told(check: Callable[[Any], Finding]) -> str:
    found = check(timezone.now())
    return "\n".join([*found.found, found.to_do])
