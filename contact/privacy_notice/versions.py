"""Each wording of the notice that was ever shown beside the form, stored and found by its version.

A page may have been cached or open for hours: its form names the version that it shows. When anything here fails, the
form is shown and the enquiry is stored all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from clinic.lib.logs import log_failure
from contact.models import PrivacyNotice
from contact.privacy_notice.facts import Facts
from contact.privacy_notice.wording import Notice, render_notice

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest


def current_notice(request: HttpRequest | None = None) -> Notice | None:
    """Return the notice of this moment, and store it; `None` when it cannot be rendered."""
    try:
        notice = render_notice(Facts.read(request))
    except Exception as error:  # noqa: BLE001  whatever it is, the form is shown without it; it is logged
        log_failure("The privacy notice could not be rendered", error)
        return None
    try:
        stored_notice(notice)
    except DatabaseError as error:
        log_failure("A wording of the privacy notice could not be stored", error)
    return notice


def stored_notice(notice: Notice) -> PrivacyNotice:
    row, _is_new = PrivacyNotice.objects.get_or_create(version=notice.version, defaults={"text": notice.text})
    return row


def first_used(version: str) -> datetime | None:
    """Return when this wording was first shown beside the form; `None` when that is not known."""
    try:
        return PrivacyNotice.objects.filter(version=version).values_list("first_used_at", flat=True).first()
    except DatabaseError as error:
        log_failure("The first day of a privacy notice could not be read", error)
        return None
