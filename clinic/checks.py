"""House rules that Django's `check` keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from clinic.frontend.stylesheet import SHEET, stylesheet

YUKON_OFFSET = timedelta(hours=-7)


@register()
def yukon_has_one_time(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a time-zone table from before Yukon gave up winter time (1 November 2020)."""
    january = datetime(2026, 1, 15, 12, tzinfo=ZoneInfo("America/Whitehorse"))
    if january.utcoffset() == YUKON_OFFSET:
        return []
    return [
        Error(
            "This machine's time-zone table is older than 2020: winter times would be an hour wrong.",
            hint="Update tzdata, or set PYTHONTZPATH to an empty value to use the packaged table.",
            id="clinic.E001",
        )
    ]


@register()
def the_state_folder_can_be_written(**_kwargs: Any) -> list[CheckMessage]:
    """The error pages' phone number is kept there."""
    try:
        settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
        (settings.STATE_DIR / ".writable").touch()
    except OSError as error:
        return [Error(f"STATE_DIR cannot be written: {error}.", id="clinic.E002")]
    return []


@register()
def the_style_sheet_is_whole(**_kwargs: Any) -> list[CheckMessage]:
    """Every page carries the sheet, so that a missing part would take the whole site down."""
    try:
        stylesheet()
    except FileNotFoundError as error:
        return [Error(f"A part of {SHEET} is missing: {error.filename or error}.", id="clinic.E003")]
    return []
