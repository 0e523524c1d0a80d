"""The clinic's phone number and emergency wording, also when the database is down.

Whenever they are read from the database they are saved on disk if they have changed, so that an error page can still
say whom to call.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest

from clinic.lib.atomic_write import atomic_write
from clinic.lib.logs import log_once
from clinic.models.details import DEFAULT_EMERGENCY_WORDING, DEFAULT_EMERGENCY_WORDING_FR, ClinicDetails


@dataclass(frozen=True)
class ClinicContact:
    """How to reach the clinic. Every field is plain text."""

    name: str = "Our clinic"
    phone: str = ""
    email: str = ""
    emergency_wording: str = DEFAULT_EMERGENCY_WORDING
    emergency_wording_fr: str = DEFAULT_EMERGENCY_WORDING_FR

    @classmethod
    def of(cls, details: ClinicDetails) -> Self:
        return cls(**{name: getattr(details, name) for name in cls.__dataclass_fields__})


def contact_details(request: HttpRequest | None = None) -> ClinicContact:
    """Return how to reach the clinic: from the database, or as last saved, or the emergency wording alone.

    Never raises: error pages use it.
    """
    try:
        details = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
    except (DatabaseError, ClinicDetails.DoesNotExist, AttributeError):
        # AttributeError: there is no site, so Wagtail finds no settings for it.
        return _read()
    if details is None:
        return _read()
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
    except OSError as error:
        log_once(f"The clinic's contact details could not be saved in {target.parent}: {error.strerror}.")
