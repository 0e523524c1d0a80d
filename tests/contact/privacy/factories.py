"""An enquiry that is due to be deleted, with all that can hang on one."""

from datetime import UTC, datetime
from typing import Any

from contact.models import DeliveryAttempt, Enquiry, Entry
from tests.contact.factories import make_enquiry, make_message

LONG_AGO = datetime(2020, 3, 1, 18, tzinfo=UTC)


def make_due(**fields: Any) -> Enquiry:
    """Return an enquiry that was closed long ago, with a note, a reply, two mails and an attempt."""
    enquiry = make_enquiry(**{"status": "closed", "closed_at": LONG_AGO, "received_at": LONG_AGO} | fields)
    Entry.objects.create(enquiry=enquiry, kind="note", text="Prefers mornings")
    reply = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello Sam")
    make_message(enquiry=enquiry)
    sent = make_message(enquiry=enquiry, kind="reply", entry=reply, recipient="sam@example.com", sent_at=LONG_AGO)
    DeliveryAttempt.objects.create(message=sent, started_at=LONG_AGO, outcome="sent", reply="250 OK")
    return enquiry
