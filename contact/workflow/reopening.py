"""Reopen an enquiry when its answer did not arrive or the patient replied, even if someone has closed it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinic.lib.logs import log_failure
from contact.intake import promise
from contact.models import Enquiry, Entry, Message
from contact.models.enquiry import Status
from contact.models.entry import EntryType
from contact.models.event import EventType, record
from contact.models.message import MessageType
from contact.workflow import updates

SPOKEN = (Entry.CallOutcome.REACHED, Entry.CallOutcome.THEY_CALLED)
# Spam, and what is waiting anyway, stays as it is.
NOT_WAITING = (Status.ANSWERED, Status.CLOSED)


def reopen_if_unanswered(message: Message, **_kwargs: Any) -> None:
    """Put the enquiry back on the waiting list if this message was its answer (`delivery_failed`)."""
    enquiry = message.enquiry
    if enquiry and message.kind == MessageType.REPLY and not was_reached_since(message):
        reopen(enquiry, stays_promised=True)


def reopen(enquiry: Enquiry, *, stays_promised: bool = False, **_kwargs: Any) -> None:
    """Let the enquiry wait for us again, if it was answered, closed or waiting for the patient (`patient_replied`).

    The time to answer by stays if it is still ahead; otherwise the enquiry gets a new one. Statistics go by that after
    a patient's reply, and by the first one, which `stays_promised`, where our answer never arrived.
    """
    if enquiry.is_waiting:
        updates.update_enquiry(enquiry, None, **updates.NO_FOLLOW_UP)
    if enquiry.status not in NOT_WAITING:
        return
    now = timezone.now()
    updates.update_enquiry(enquiry, None, status=Status.IN_PROGRESS)
    promised = enquiry.due_at
    if promised and promised > now:
        return
    due_at = _due(now)
    promised_at = enquiry.promised_at or promised if stays_promised else due_at
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=due_at, promised_at=promised_at)
    if promised and due_at:
        moved = " → ".join(date_format(localtime(moment), "DATETIME_FORMAT") for moment in (promised, due_at))
        data = {"due_at": [promised.isoformat(), due_at.isoformat()]}
        record(EventType.CHANGED, enquiry.reference, detail=f"answer by: {moved}", data=data)


def was_reached_since(message: Message) -> bool:
    """Say whether a later reply was delivered, or a later call reached the patient."""
    since = message.created_at
    replies = Message.objects.filter(
        enquiry=message.enquiry_id, kind=MessageType.REPLY, created_at__gt=since, bounced_at=None
    ).exclude(sent_at=None)
    calls = Entry.objects.filter(enquiry=message.enquiry_id, kind=EntryType.CALL, call_outcome__in=SPOKEN, at__gt=since)
    return replies.exists() or calls.exists()


def _due(now: datetime) -> datetime | None:
    """Return by when to answer, or None on an error: `contact.workflow.escalation` then sets it later."""
    try:
        with transaction.atomic():  # a failing query must not break the outer transaction
            return promise.reply_policy().due_at(now)
    except Exception as error:  # noqa: BLE001  the enquiry must be reopened all the same; the error is logged
        log_failure("The time to answer by could not be calculated", error)
        return None
