"""An answer that did not arrive is no answer: the enquiry waits again, also when somebody has closed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinic.lib.logs import log_failure
from contact.intake import promise
from contact.models import Enquiry, Entry, Message
from contact.models.activity import Kind, record
from contact.models.enquiry import Status
from contact.workflow import updates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from contact.models import EnquiryEvent

# How the record of a day begins that is no promise.
ANSWER_BY = "answer by"
# What is spam by now, or waits anyway, stays as it is.
TAKEN_OFF = (Status.ANSWERED, Status.CLOSED)


def reopen_if_unanswered(message: Message) -> None:
    """Put the enquiry back among those that wait when it was this message that answered it.

    What the patient was promised stays while it is still to come. Once it is past there is a new day to answer by, as
    nobody could have known; it is no promise, and the record says so. To be called in a transaction.
    """
    enquiry = message.enquiry
    if message.kind != Message.Kind.REPLY or enquiry.status not in TAKEN_OFF or was_reached_since(message):
        return
    now = timezone.now()
    updates.change(enquiry, None, status=Status.IN_PROGRESS)
    promised = enquiry.due_at
    if promised and promised > now:
        return
    due_at = _due(now)
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=due_at)
    if promised and due_at:
        moved = " → ".join(date_format(localtime(moment), "j M Y, H:i") for moment in (promised, due_at))
        record(Kind.CHANGED, enquiry.reference, detail=f"{ANSWER_BY}: {moved}")


def was_moved(events: Iterable[EnquiryEvent]) -> bool:
    """Say whether the day to answer by is another one than the patient was promised."""
    return any(event.kind == Kind.CHANGED and event.detail.startswith(ANSWER_BY) for event in events)


def was_reached_since(message: Message) -> bool:
    """Say whether a later reply arrived, or a later call reached the patient."""
    since = message.created_at
    replies = Message.objects.filter(
        enquiry=message.enquiry_id, kind=Message.Kind.REPLY, created_at__gt=since, bounced_at=None
    ).exclude(sent_at=None)
    calls = Entry.objects.filter(
        enquiry=message.enquiry_id, kind=Entry.Kind.CALL, call_outcome=Entry.CallOutcome.REACHED, at__gt=since
    )
    return replies.exists() or calls.exists()


def _due(now: datetime) -> datetime | None:
    """Return by when to answer; what has no day gets one from `contact.workflow.escalation`."""
    try:
        with transaction.atomic():  # a query that fails spoils no more than itself
            return promise.plan().due(now)
    except Exception as error:  # noqa: BLE001  whatever it is, the enquiry has to wait again; it is logged
        log_failure("The day to answer by could not be reckoned", error)
        return None
