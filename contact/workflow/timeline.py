"""Add notes, phone calls and replies to an enquiry's timeline, each with its event in the same transaction.

The text of an entry is in no event, log line or admin history, so it is gone when the enquiry is deleted.
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

# A reply answers these; replying to suspected spam decides that it is not spam.
MAY_BE_ANSWERED = (*WAITING, Status.SUSPECTED_SPAM)
# The same text by the same person within this time is a double click.
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
    """Record a phone call. A new enquiry is then in progress or, with `is_answer`, answered."""
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
    """Return a token that changes whenever a colleague changes the enquiry, calls the patient or replies."""
    latest = enquiry.entries.exclude(kind=EntryType.NOTE).order_by("-pk").values_list("pk", flat=True).first()
    return f"{enquiry.revision}.{latest or 0}"


@transaction.atomic
def send_reply(
    enquiry: Enquiry, request: HttpRequest, text: str, *, recipient: str, message_id: str, is_answer: bool, seen: str
) -> bool:
    """Put a reply into the outbox; return False if the one with this `message_id` is already there.

    `seen` is the `version_token` when the reply was written: raises `StaleError` if it is no longer the current one.
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
    """Read the enquiry again and lock its row (SQLite has only one writer at a time anyway)."""
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
