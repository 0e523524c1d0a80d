"""An enquiry's timeline: add notes, phone calls and replies, each with its event in one transaction, and read it all.

The text of an entry is in no event, log line or admin history, so it is gone when the enquiry is deleted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from contact.models import Enquiry, EnquiryEvent, Entry, Message
from contact.models.enquiry import UNDECIDED, WAITING, Status
from contact.models.entry import EntryType
from contact.models.event import EventType, record
from contact.models.message import TO_PATIENTS, MessageType
from contact.workflow.activity_log import Activity
from contact.workflow.updates import NO_FOLLOW_UP, URGENCY, StaleError, display_name, update_enquiry
from contact.workflow.waiting import A_MINUTE, in_words

# The same text by the same person within this time is a double click.
SAME_WITHIN = timedelta(minutes=1)
# Their entry or message says more; and there would be hundreds of lists.
LEFT_OUT = (
    EventType.RECEIVED, EventType.LISTED, EventType.NOTED, EventType.CALLED, EventType.REPLIED, EventType.DELIVERED,
    EventType.BOUNCED,
)  # fmt: skip
# Sending an old reminder or a synthetic check again would help no one.
RESENDABLE = (MessageType.STAFF_NOTIFICATION, *TO_PATIENTS)
# Calls after which no one has spoken to the patient.
UNREACHED = (Entry.CallOutcome.NO_ANSWER, Entry.CallOutcome.WRONG_NUMBER)
# More than anyone reads; the activity log has them all.
MOST_EVENTS = 500
# Views by the same person within this time of each other are one item.
ONE_SITTING = timedelta(minutes=30)
# Whoever opened an enquiry within this time may still be working on it.
PRESENT = timedelta(minutes=10)


@transaction.atomic
def write_note(enquiry: Enquiry, request: HttpRequest, text: str) -> bool:
    """Store the note; return whether it is new, and not from a second click."""
    Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    _entry, is_new = _once(enquiry=enquiry, kind=EntryType.NOTE, author=author_of(request), text=text)
    if is_new:
        record(EventType.NOTED, enquiry.reference, request=request)
    return is_new


@transaction.atomic
def log_call(enquiry: Enquiry, request: HttpRequest, outcome: str, text: str = "", *, is_answer: bool = False) -> Entry:
    """Record a phone call, which assigns the enquiry; a new one is then in progress or, with `is_answer`, answered."""
    current = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    call = {"kind": EntryType.CALL, "call_outcome": outcome, "text": text}
    entry, is_new = _once(enquiry=enquiry, author=author_of(request), **call)
    if is_new:
        record(EventType.CALLED, enquiry.reference, request=request, detail=entry.get_call_outcome_display())
        done: dict[str, Any] = NO_FOLLOW_UP | {"assigned_to": author_of(request)}
        if outcome not in UNREACHED:
            done[URGENCY] = timezone.now()
        if is_answer and current.status in WAITING:
            done["status"] = Status.ANSWERED
        elif current.status == Status.NEW:
            done["status"] = Status.IN_PROGRESS
        update_enquiry(current, request, **done)
    return entry


def version_token(enquiry: Enquiry) -> str:
    """Return a token that changes whenever a colleague changes the enquiry, calls the patient or replies."""
    latest = enquiry.entries.exclude(kind=EntryType.NOTE).order_by("-pk").values_list("pk", flat=True).first()
    return f"{enquiry.revision}.{latest or 0}"


@transaction.atomic
def send_reply(
    enquiry: Enquiry,
    request: HttpRequest,
    text: str,
    *,
    recipient: str,
    message_id: str,
    is_answer: bool,
    seen: str,
    waits: bool = False,
) -> bool:
    """Put a reply into the outbox; return False if the one with this `message_id` is already there.

    With `waits`, the enquiry then waits for the patient. `seen` is the `version_token` when the reply was written:
    raises `StaleError` if it is no longer the current one.
    """
    current = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if Message.objects.filter(message_id=message_id).exists():
        return False
    if version_token(current) != seen:
        raise StaleError(current)
    entry = Entry.objects.create(enquiry=current, kind=EntryType.REPLY, author=author_of(request), text=text)
    Message.objects.create(
        enquiry=current, entry=entry, kind=MessageType.REPLY, recipient=recipient, message_id=message_id
    )
    detail = "" if recipient == current.email else "to another address than the patient typed"
    record(EventType.REPLIED, current.reference, request=request, detail=detail)
    done: dict[str, Any] = NO_FOLLOW_UP | {"assigned_to": author_of(request), URGENCY: timezone.now()}
    done["waiting_for_patient"] = waits
    # A reply to suspected spam decides that it is not spam.
    if current.status in UNDECIDED and (is_answer or waits):
        done["status"] = Status.IN_PROGRESS if waits else Status.ANSWERED
    update_enquiry(current, request, **done)
    return True


def _once(**fields: Any) -> tuple[Entry, bool]:
    """Return the entry, and whether it is new."""
    same = Entry.objects.filter(**fields, at__gt=timezone.now() - SAME_WITHIN).first()
    return (same, False) if same else (Entry.objects.create(**fields), True)


def author_of(request: HttpRequest) -> User:
    return cast("User", request.user)  # every page of the desk asks to sign in


@dataclass
class TimelineItem(Activity):
    kind: str = ""
    message: Message | None = None

    @property
    def is_problem(self) -> bool:
        return self.kind == EventType.BOUNCED or bool(self.message and self.message.has_failed)

    @property
    def is_folded(self) -> bool:
        """Whether the site did it, or someone only looked."""
        return self.kind in {EventType.SEEN, EventType.ESCALATED, "mail"} and not self.is_problem

    @property
    def is_resendable(self) -> bool:
        return bool(self.message and self.message.kind in RESENDABLE)


@dataclass
class Timeline:
    """The timeline, and what of it still needs an answer.

    `undelivered`: mail to the patient that failed, with no call or reply since; `patient_replied`: the event, likewise.
    """

    items: list[TimelineItem] = field(default_factory=list)
    undelivered: list[Message] = field(default_factory=list)
    patient_replied: EnquiryEvent | None = None


def timeline_of(enquiry: Enquiry) -> Timeline:
    """Return the timeline, with four queries however long it is."""
    entries = list(enquiry.entries.select_related("author"))
    messages = list(enquiry.messages.prefetch_related("delivery_attempts"))
    events = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind__in=LEFT_OUT)
    latest = list(events.select_related("actor").order_by("-at", "-pk")[:MOST_EVENTS])
    origin = f"From the page “{enquiry.about_title}”." if enquiry.about_title else ""
    items = [
        TimelineItem(enquiry.received_at, "Received", detail=origin, kind="received"),
        *_from_events(reversed(latest)),
        *_from_entries(entries, messages),
        *_from_messages(messages),
    ]
    items.sort(key=lambda item: item.last or item.at)
    items.reverse()
    reply = next((event for event in latest if event.kind == EventType.WROTE_BACK), None)
    return Timeline(
        items,
        undelivered=[message for message in messages if _failed(message, entries)],
        patient_replied=reply if reply and not _was_reached(entries, reply.at) else None,
    )


def _from_events(events: Iterable[EnquiryEvent]) -> Iterator[TimelineItem]:
    """Yield what colleagues did, with the views of one sitting as one item. `events` begin with the earliest."""
    sittings: dict[int | None, TimelineItem] = {}
    for event in events:
        who = display_name(event.actor, event.actor_name)
        if event.kind != EventType.SEEN:
            yield TimelineItem(event.at, event.get_kind_display(), who, event.detail, kind=event.kind)
            continue
        sitting = sittings.get(event.actor_id)
        if sitting and event.at - (sitting.last or sitting.at) <= ONE_SITTING:
            sitting.repeat(event.at)
            continue
        sittings[event.actor_id] = TimelineItem(event.at, "Opened", who, kind=event.kind)
        yield sittings[event.actor_id]


def _from_entries(entries: Iterable[Entry], messages: Iterable[Message]) -> Iterator[TimelineItem]:
    replies = {message.entry_id: message for message in messages if message.entry_id}
    for entry in entries:
        title = entry.get_kind_display()
        if entry.kind == EntryType.CALL:
            title = f"{entry.get_kind_display()}: {entry.get_call_outcome_display().lower()}"
        who, message = display_name(entry.author), replies.get(entry.pk)
        yield TimelineItem(entry.at, title, who, entry.text, kind=entry.kind, message=message)


def _from_messages(messages: Iterable[Message]) -> Iterator[TimelineItem]:
    for message in messages:
        if not message.entry_id:
            yield TimelineItem(message.created_at, message.get_kind_display(), kind="mail", message=message)
        if message.bounced_at:
            title = f"Came back: {message.get_kind_display().lower()}"
            yield TimelineItem(message.bounced_at, title, detail=message.bounce_reason, kind=EventType.BOUNCED)


def _failed(message: Message, entries: Iterable[Entry]) -> bool:
    """Whether the patient did not get this mail, and no one has reached them or written since."""
    return message.kind in TO_PATIENTS and message.has_failed and not _was_reached(entries, message.created_at)


def _was_reached(entries: Iterable[Entry], since: datetime) -> bool:
    """Return whether someone has written or called since: more counts than for reopening (`was_reached_since`)."""
    return any(one.at > since and one.kind != EntryType.NOTE and one.call_outcome not in UNREACHED for one in entries)


def viewers_of(enquiry: Enquiry, user: Any, now: datetime) -> list[tuple[str, str]]:
    """Return who else opened the enquiry within `PRESENT`, the last one first, and how long ago."""
    events = EnquiryEvent.objects.filter(reference=enquiry.reference, kind=EventType.SEEN, at__gt=now - PRESENT)
    viewers: dict[int | None, tuple[str, str]] = {}
    for event in events.exclude(actor=user.pk).select_related("actor").order_by("-at"):
        age = now - event.at
        ago = f"{in_words(age)} ago" if age >= A_MINUTE else "a moment ago"
        viewers.setdefault(event.actor_id, (display_name(event.actor, event.actor_name), ago))
    return list(viewers.values())
