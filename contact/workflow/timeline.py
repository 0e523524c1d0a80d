"""Notes, phone calls and replies: each an entry of the timeline and an event, in one transaction.

Nothing of an entry's text stands in an event, a log line or the admin's history: it is deleted with the enquiry.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone

from contact.models import Enquiry, Entry, Message
from contact.models.enquiry import WAITING, Status
from contact.models.entry import EntryType
from contact.models.event import EventType, record
from contact.models.message import MessageType
from contact.workflow.updates import StaleError, update_enquiry

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

# A reply ends the waiting of these; to answer what was suspected says that it is no spam.
MAY_BE_ANSWERED = (*WAITING, Status.SUSPECTED_SPAM)
# The same words by the same person again within this time are a double click.
SAME_WITHIN = timedelta(minutes=1)


@transaction.atomic
def write_note(enquiry: Enquiry, request: HttpRequest, text: str) -> Entry:
    _lock(enquiry)
    entry, is_new = _once(Entry(enquiry=enquiry, kind=EntryType.NOTE, author=_author(request), text=text))
    if is_new:
        record(EventType.NOTED, enquiry.reference, request=request)
    return entry


@transaction.atomic
def log_call(enquiry: Enquiry, request: HttpRequest, outcome: str, text: str = "", *, is_answer: bool = False) -> Entry:
    """Write down a phone call. It begins the work on a new enquiry and, with `is_answer`, ends the waiting."""
    current = _lock(enquiry)
    call = Entry(
        enquiry=enquiry, kind=EntryType.CALL, author=_author(request), call_outcome=outcome, text=text
    )  # fmt: skip
    entry, is_new = _once(call)
    if is_new:
        record(EventType.CALLED, enquiry.reference, request=request, detail=entry.get_call_outcome_display())
        if is_answer and current.status in WAITING:
            update_enquiry(current, request, status=Status.ANSWERED)
        elif current.status == Status.NEW:
            update_enquiry(current, request, status=Status.IN_PROGRESS)
    return entry


def version_token(enquiry: Enquiry) -> str:
    """Return what a reply answers to: it differs once a colleague called, replied or decided something."""
    spoken = enquiry.entries.exclude(kind=EntryType.NOTE).order_by("-pk").values_list("pk", flat=True).first()
    return f"{enquiry.revision}.{spoken or 0}"


@transaction.atomic
def send_reply(
    enquiry: Enquiry, request: HttpRequest, text: str, *, recipient: str, message_id: str, is_answer: bool, seen: str
) -> bool:
    """Put a reply into the outbox; return False when the one with this `message_id` is there already.

    Raises `StaleError` when the enquiry no longer stands as it was `seen` (`version_token`) by whoever wrote the reply.
    """
    current = _lock(enquiry)
    if Message.objects.filter(message_id=message_id).exists():
        return False
    if version_token(current) != seen:
        raise StaleError(current)
    entry = Entry.objects.create(enquiry=current, kind=EntryType.REPLY, author=_author(request), text=text)
    Message.objects.create(
        enquiry=current, entry=entry, kind=MessageType.REPLY, recipient=recipient, message_id=message_id
    )
    detail = "" if recipient == current.email else "to another address than the patient typed"
    record(EventType.REPLIED, current.reference, request=request, detail=detail)
    if is_answer and current.status in MAY_BE_ANSWERED:
        update_enquiry(current, request, status=Status.ANSWERED)
    return True


def _lock(enquiry: Enquiry) -> Enquiry:
    """Return the enquiry as it is, and let whoever comes at the same moment wait; SQLite lets one write anyway."""
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def _once(entry: Entry) -> tuple[Entry, bool]:
    same = Entry.objects.filter(
        enquiry=entry.enquiry,
        kind=entry.kind,
        author=entry.author,
        call_outcome=entry.call_outcome,
        text=entry.text,
        at__gt=timezone.now() - SAME_WITHIN,
    ).first()
    if same:
        return same, False
    entry.save()
    return entry, True


def _author(request: HttpRequest) -> User:
    return cast("User", request.user)  # every page of the desk asks to sign in
