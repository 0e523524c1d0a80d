"""The clinic's phone number and emergency wording, also when the database is down.

Whenever they are read from the database they are saved on disk if they have changed, so that an error page can still
say whom to call.
"""

import json
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest

from clinic.lib.atomic_write import atomic_write
from clinic.lib.logs import log_once
from clinic.models.details import ClinicDetails

# What is saved. Every field is plain text.
FIELDS = ("name", "phone", "email", "emergency_wording", "emergency_wording_fr")


def contact_details(request: HttpRequest | None = None) -> ClinicDetails:
    """Return how to reach the clinic: from the database, or `FIELDS` as last saved, or the emergency wording alone.

    Never raises: error pages use it.
    """
    # AttributeError: there is no site, so Wagtail finds no settings for it.
    with suppress(DatabaseError, ClinicDetails.DoesNotExist, AttributeError):
        if details := ClinicDetails.for_request(request) if request else ClinicDetails.objects.first():
            contact = {name: getattr(details, name) for name in FIELDS}
            if contact != _read():
                _write(contact)
            return details
    return ClinicDetails(**_read())


def _file() -> Path:
    return Path(settings.STATE_DIR) / "clinic-contact.json"


def _read() -> dict[str, str]:
    with suppress(OSError, ValueError):
        saved = json.loads(_file().read_text("utf-8"))
        if isinstance(saved, dict) and saved.keys() <= set(FIELDS):
            return saved
    return {}


def _write(contact: dict[str, str]) -> None:
    target = _file()
    try:
        atomic_write(target, json.dumps(contact).encode())
    except OSError as error:
        log_once(f"The clinic's contact details could not be saved in {target.parent}: {error.strerror}.")
