"""What was erased on request stays erased, also when an older copy of the database is restored.

The references of what was erased, and nothing else, are kept in a file outside of the database. Where one of them is
there again, the next purge erases it again.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contact.models import Enquiry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)


def keep(references: Iterable[str]) -> None:
    """Write the references down; what is erased is erased, even where the file cannot be written."""
    now = timezone.now().isoformat()
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with _file().open("a", encoding="utf-8") as file:
            file.writelines(f"{reference} {now}\n" for reference in references)
    except OSError:
        logger.exception("What was erased could not be written down in %s.", _file().parent)


def come_back() -> QuerySet[Enquiry]:
    """Return those that were erased and are there again; not a later one that happens to have the same reference."""
    again = Q(pk=None)
    for line in _lines():
        reference, _, at = line.partition(" ")
        if erased_at := parse_datetime(at.strip()):
            again |= Q(reference=reference, received_at__lt=erased_at)
    return Enquiry.objects.filter(again, legal_hold=False).order_by("pk")


def _lines() -> list[str]:
    """Return the lines of enquiries that are there, by one query however long the file is."""
    try:
        lines = _file().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except OSError:
        # What is due today is deleted all the same.
        logger.exception("What was erased cannot be read from %s.", _file().parent)
        return []
    references = {line.partition(" ")[0] for line in lines}
    there = set(Enquiry.objects.filter(reference__in=references).values_list("reference", flat=True))
    return [line for line in lines if line.partition(" ")[0] in there]


def _file() -> Path:
    return Path(settings.STATE_DIR) / "erased-references.txt"
