"""A file outside the database with the reference and time of each enquiry that was erased on request.

When an older copy of the database is restored, the next purge reads it and erases those enquiries again.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contact.models import Enquiry

logger = logging.getLogger(__name__)


def add(references: Iterable[str]) -> None:
    """Append the references. A file that cannot be written is logged: the enquiries are erased all the same."""
    now = timezone.now().isoformat()
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with _file().open("a", encoding="utf-8") as file:
            file.writelines(f"{reference} {now}\n" for reference in references)
    except OSError:
        logger.exception("The erased references could not be written to %s.", _file())


def restored() -> list[Enquiry]:
    """Return, locked, the enquiries that were erased and are in the database again, without those on legal hold.

    An enquiry that arrived later and happens to have the same reference is not among them.
    """
    erased = _read()
    found = Enquiry.objects.filter(reference__in=erased, legal_hold=False).order_by("pk")
    return [one for one in found.select_for_update(of=("self",)) if one.received_at < erased[one.reference]]


def _read() -> dict[str, datetime]:
    try:
        lines = _file().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError:
        # The other enquiries are deleted on time all the same.
        logger.exception("The erased references could not be read from %s.", _file())
        return {}
    pairs = (line.partition(" ")[::2] for line in lines)
    times = {reference: parse_datetime(at.strip()) for reference, at in pairs}
    return {reference: at for reference, at in times.items() if at}


def _file() -> Path:
    return Path(settings.STATE_DIR) / "erased-references.txt"
