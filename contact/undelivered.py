"""An answer that did not arrive is no answer: the enquiry waits again, also when somebody has closed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from contact import desk, promise
from contact.models import Enquiry, Entry, Message
from contact.models.enquiry import Status
from contact.showing import log_failure

if TYPE_CHECKING:
    from datetime import datetime

# What is spam by now, or waits anyway, stays as it is.
TAKEN_OFF = (Status.ANSWERED, Status.CLOSED)


def reopen_if_unanswered(message: Message) -> None:
    """Put the enquiry back among those that wait when it was this message that answered it.

    The promise begins anew: the patient waits since now, and nobody could have known. To be called in a transaction.
    """
    enquiry = message.enquiry
    if message.kind != Message.Kind.REPLY or enquiry.status not in TAKEN_OFF or was_reached_since(message):
        return
    due_at = _due(timezone.now())
    desk.change(enquiry, None, status=Status.IN_PROGRESS)
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=due_at)


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
    """Return by when to answer; what has no day gets one from `contact.escalation`."""
    try:
        with transaction.atomic():  # a query that fails spoils no more than itself
            return promise.plan().due(now)
    except Exception as error:  # noqa: BLE001  whatever it is, the enquiry has to wait again; it is logged
        log_failure("The day to answer by could not be reckoned", error)
        return None
