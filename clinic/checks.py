"""System checks of the clinic."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

YUKON_OFFSET = timedelta(hours=-7)


@register()
def yukon_time_is_current(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a time-zone table from before the Yukon gave up winter time (November 1, 2020)."""
    january = datetime(2026, 1, 15, 12, tzinfo=ZoneInfo("America/Whitehorse"))
    if january.utcoffset() == YUKON_OFFSET:
        return []
    return [
        Error(
            "This machine's time-zone table is older than 2020: winter times would be off by an hour.",
            hint="Update tzdata, or set PYTHONTZPATH to an empty value to use the packaged table.",
            id="clinic.E001",
        )
    ]


@register()
def state_folder_is_writable(**_kwargs: Any) -> list[CheckMessage]:
    """The error pages' phone number is stored there."""
    try:
        settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
        (settings.STATE_DIR / ".writable").touch()
    except OSError as error:
        return [Error(f"STATE_DIR cannot be written: {error}.", id="clinic.E002")]
    return []
