"""The wording that stood at the form: written down when it is first shown, and found again from what the form says.

A page may have been cached or open for hours: its form names the version it showed. Nothing here ever costs anybody
the form or an enquiry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from clinic.lib.logs import log_failure
from contact.models import PrivacyNotice
from contact.privacy_notice.facts import Facts
from contact.privacy_notice.wording import Notice, notice

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

# What this process knows to be written down: it asks once for each wording, not at each page.
_written_down: set[str] = set()


def shown(request: HttpRequest | None = None) -> Notice | None:
    """Return the notice for a form that is drawn now, and write it down; `None` when it cannot be made."""
    current = _current(request)
    if current is not None and current.version not in _written_down:
        try:
            write_down(current)
            _written_down.add(current.version)
        except DatabaseError as error:
            log_failure("A wording of the privacy notice could not be written down", error)
    return current


def of_form(version: str) -> PrivacyNotice | None:
    """Return the notice that a form showed, or the current one when it names none that we know."""
    try:
        known = PrivacyNotice.objects.filter(version=version).first() if version.isalnum() else None
        current = None if known else _current()
        return write_down(current) if current else known
    except Exception as error:  # noqa: BLE001  whatever it is, the enquiry is stored; it is logged
        log_failure("The privacy notice of an enquiry could not be found", error)
        return None


def first_shown(version: str) -> datetime | None:
    """Return when this wording stood at the form for the first time; `None` when that was not written down."""
    try:
        return PrivacyNotice.objects.filter(version=version).values_list("first_used_at", flat=True).first()
    except DatabaseError as error:
        log_failure("The first day of a privacy notice could not be read", error)
        return None


def write_down(current: Notice) -> PrivacyNotice:
    kept, _is_new = PrivacyNotice.objects.get_or_create(version=current.version, defaults={"text": current.text})
    return kept


def _current(request: HttpRequest | None = None) -> Notice | None:
    try:
        return notice(Facts.read(request))
    except Exception as error:  # noqa: BLE001  whatever it is, the form is shown without it; it is logged
        log_failure("The privacy notice could not be rendered", error)
        return None
