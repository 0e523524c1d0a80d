"""What was taken for spam and is none is again what it was before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contact.models import EnquiryEvent
from contact.models.activity import Kind
from contact.models.enquiry import Status

if TYPE_CHECKING:
    from contact.models import Enquiry

SUSPECT = (Status.SUSPECTED_SPAM, Status.SPAM)
# As `contact.workflow.updates.change` puts it on record.
BECAME_SPAM = re.compile(rf"status: ([^→;]+) → (?:{'|'.join(status.label for status in SUSPECT)})(?:;|$)")
KNOWN = {status.label: status for status in Status if status not in SUSPECT}


def status_before(enquiry: Enquiry) -> Status:
    """Return which status it had before it became spam, by the record; new where it came as what looks like spam."""
    changes = EnquiryEvent.objects.filter(reference=enquiry.reference, kind=Kind.CHANGED).order_by("-at", "-pk")
    found = (BECAME_SPAM.search(detail) for detail in changes.values_list("detail", flat=True))
    return next((KNOWN[became[1]] for became in found if became and became[1] in KNOWN), Status.NEW)
