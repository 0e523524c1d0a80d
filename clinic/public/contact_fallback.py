"""The clinic's phone number and wording, also when the database is gone.

When they are read for the first time since a change, they are compared with the copy on disk, which is renewed when
they differ: an error page then still says whom to call.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseError

from clinic.lib.atomic_write import atomic_write
from clinic.models.details import DEFAULT_EMERGENCY_WORDING, ClinicDetails

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClinicContact:
    """What pages say about the clinic when nothing else can be read; every field is plain text."""

    name: str = "Our clinic"
    phone: str = ""
    email: str = ""
    emergency_wording: str = DEFAULT_EMERGENCY_WORDING

    @classmethod
    def of(cls, details: ClinicDetails) -> ClinicContact:
        return cls(**{name: getattr(details, name) for name in cls.__dataclass_fields__})


def contact_details(request: HttpRequest | None = None) -> ClinicContact:
    """Return how to reach the clinic: from the database, else as last known, else the emergency wording alone.

    Never raises: it serves error pages.
    """
    try:
        details = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
    except (DatabaseError, ClinicDetails.DoesNotExist, AttributeError):
        # AttributeError: no site at all, so Wagtail has none to ask for its settings.
        return _read()
    return _read() if details is None else remembered(details)


def remembered(details: ClinicDetails) -> ClinicContact:
    """Return how to reach the clinic, now that the copy on disk says the same."""
    contact = ClinicContact.of(details)
    if contact != _read():
        _write(contact)
    return contact


def _file() -> Path:
    return Path(settings.STATE_DIR) / "clinic-contact.json"


def _read() -> ClinicContact:
    try:
        return ClinicContact(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ClinicContact()


def _write(contact: ClinicContact) -> None:
    target = _file()
    try:
        atomic_write(target, json.dumps(asdict(contact)).encode())
    except OSError:
        logger.exception("The clinic's contact details could not be kept in %s.", target.parent)
