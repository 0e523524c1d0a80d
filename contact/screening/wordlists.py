"""The words that managers keep, or the built-in ones when they cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from clinic.backends.connection import retry_on_lost_connection
from clinic.lib.logs import log_failure
from contact.models import RedFlag
from contact.screening.default_signs import DEFAULT_WARNING_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def warning_signs() -> Mapping[str, Iterable[str]]:
    """Return each sign that is in use with its phrases. Never fails: a patient in need must meet the wording.

    A table without a single row was never filled, or lost; managers who want none take each out of use.
    """
    try:
        kept = retry_on_lost_connection(lambda: list(RedFlag.objects.all()))
    except DatabaseError as error:
        log_failure("The warning signs could not be read, the built-in ones are used", error)
        return DEFAULT_WARNING_SIGNS
    return {sign.name: sign.phrases for sign in kept if sign.is_active} if kept else DEFAULT_WARNING_SIGNS
