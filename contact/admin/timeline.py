"""What happened to one enquiry, as one story: events, entries and mail, the newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from contact.admin.people import name_of
from contact.mail.outbox import NO_SERVER
from contact.models import DeliveryAttempt, EnquiryEvent, Entry, Message
from contact.models.entry import EntryType
from contact.models.event import EventType
from contact.models.message import MessageType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from contact.models import Enquiry

# Told by their entry or message, with more words; and lists, of which there would be hundreds.
TOLD_ELSEWHERE = (
    EventType.RECEIVED,
    EventType.LISTED,
    EventType.NOTED,
    EventType.CALLED,
    EventType.REPLIED,
    EventType.DELIVERED,
    EventType.BOUNCED,
)
# Those that a colleague may want to go out once more; a reminder or a proof of last week helps nobody.
RESENDABLE = (MessageType.STAFF_NOTIFICATION, MessageType.PATIENT_RECEIPT, MessageType.REPLY)
# More than anybody reads; the whole record is the page "Who saw this enquiry?".
MOST_EVENTS = 500
# Openings by the same person that follow each other within this time are one line.
ONE_SITTING = timedelta(minutes=30)


@dataclass
class Moment:
    at: datetime
    kind: str
    title: str
    who: str = ""
    text: str = ""
    message: Message | None = None
    until: datetime | None = None
    times: int = 1
    is_wrong: bool = False

    @property
    def ended_at(self) -> datetime | None:
        """When a sitting ended, where that is another minute than its beginning."""
        return self.until if self.until and self.until - self.at >= timedelta(minutes=1) else None

    @property
    def was_printed(self) -> bool:
        """Whether it went to no mail server, as none is named: a developer's site prints its mail."""
        attempts: list[DeliveryAttempt] = list(self.message.delivery_attempts.all()) if self.message else []
        return bool(attempts) and attempts[-1].reply == NO_SERVER

    @property
    def may_be_resent(self) -> bool:
        return bool(self.message and self.message.kind in RESENDABLE)


@dataclass
class Story:
    """`moments` for the page; `unheard`: mail to the patient that came back, with no call or reply since.

    `events` are those that moments were made of, the latest first.
    """

    moments: list[Moment] = field(default_factory=list)
    unheard: list[Message] = field(default_factory=list)
    events: list[EnquiryEvent] = field(default_factory=list)


def story_of(enquiry: Enquiry) -> Story:
    """Return the story, by four queries however long it is."""
    entries = list(enquiry.entries.select_related("author"))
    messages = list(enquiry.messages.prefetch_related("delivery_attempts"))
    events = EnquiryEvent.objects.filter(reference=enquiry.reference).exclude(kind__in=TOLD_ELSEWHERE)
    latest = list(events.select_related("actor").order_by("-at", "-pk")[:MOST_EVENTS])
    moments = [
        Moment(enquiry.received_at, "received", "Received", text=_about(enquiry)),
        *_sittings(reversed(latest)),
        *_entries(entries, messages),
        *_mail(messages),
    ]
    moments.sort(key=lambda moment: moment.until or moment.at)
    moments.reverse()
    return Story(moments, [message for message in messages if _is_unheard(message, entries)], latest)


def _about(enquiry: Enquiry) -> str:
    return f"Written on the page “{enquiry.about_title}”." if enquiry.about_title else ""


def _sittings(events: Iterable[EnquiryEvent]) -> Iterator[Moment]:
    """Yield what colleagues did; their openings in one sitting as one moment. `events` begin with the earliest."""
    last: dict[int | None, Moment] = {}
    for event in events:
        who = name_of(event.actor, event.actor_name)
        if event.kind != EventType.SEEN:
            yield Moment(event.at, event.kind, event.get_kind_display(), who, text=event.detail)
            continue
        sitting = last.get(event.actor_id)
        if sitting and event.at - (sitting.until or sitting.at) <= ONE_SITTING:
            sitting.until, sitting.times = event.at, sitting.times + 1
            continue
        last[event.actor_id] = Moment(event.at, event.kind, "Opened", who)
        yield last[event.actor_id]


def _entries(entries: Iterable[Entry], messages: Iterable[Message]) -> Iterator[Moment]:
    replies = {message.entry_id: message for message in messages if message.entry_id}
    for entry in entries:
        title = entry.get_kind_display()
        if entry.kind == EntryType.CALL:
            title = f"Phoned: {entry.get_call_outcome_display().lower()}"
        message = replies.get(entry.pk)
        yield Moment(
            entry.at, entry.kind, title, name_of(entry.author), entry.text, message, is_wrong=_is_wrong(message)
        )


def _mail(messages: Iterable[Message]) -> Iterator[Moment]:
    for message in messages:
        if not message.entry_id:
            title = message.get_kind_display()
            yield Moment(message.created_at, "mail", title, message=message, is_wrong=_is_wrong(message))
        if message.bounced_at:
            title = f"Came back: {message.get_kind_display().lower()}"
            yield Moment(message.bounced_at, "bounced", title, text=message.bounce_reason, is_wrong=True)


def _is_wrong(message: Message | None) -> bool:
    return bool(message and (message.needs_attention or message.bounced_at))


def _is_unheard(message: Message, entries: Iterable[Entry]) -> bool:
    """Whether the patient did not get a mail, and nobody has called or written since."""
    if message.kind not in (MessageType.REPLY, MessageType.PATIENT_RECEIPT):
        return False
    went_wrong = message.bounced_at
    if message.needs_attention:
        attempts: list[DeliveryAttempt] = list(message.delivery_attempts.all())
        went_wrong = attempts[-1].started_at if attempts else message.created_at
    if went_wrong is None:
        return False
    reached = (Entry.CallOutcome.REACHED, Entry.CallOutcome.VOICEMAIL)
    return not any(
        entry.at > went_wrong and (entry.kind == EntryType.REPLY or entry.call_outcome in reached) for entry in entries
    )
