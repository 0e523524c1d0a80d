"""The words that managers keep, or the built-in ones when they cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from contact import showing
from contact.connection import once_more_if_lost
from contact.first_words import RED_FLAGS
from contact.models import RedFlag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def warning_signs() -> Mapping[str, Iterable[str]]:
    """Return each sign that is in use with its phrases. Never fails: a patient in need must meet the wording.

    A table without a single row was never filled, or lost; managers who want none take each out of use.
    """
    try:
        kept = once_more_if_lost(lambda: list(RedFlag.objects.all()))
    except DatabaseError as error:
        showing.log_failure("The warning signs could not be read, the built-in ones are used", error)
        return RED_FLAGS
    return {sign.name: sign.phrases for sign in kept if sign.is_active} if kept else RED_FLAGS
