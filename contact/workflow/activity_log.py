"""The activity log of one enquiry, in words for the patient: who could read it, and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from contact.models import EnquiryEvent
from contact.models.event import EventType
from contact.workflow.updates import display_name

if TYPE_CHECKING:
    from datetime import datetime

# What follows “who”, in words for the patient.
FOR_THE_PATIENT = {
    EventType.RECEIVED: "received your enquiry",
    EventType.LISTED: "saw it in a list, with your name and contact details",
    EventType.SEEN: "opened it and could read what you wrote",
    EventType.CHANGED: "changed its status",
    EventType.NOTED: "added a note",
    EventType.CALLED: "phoned you",
    EventType.REPLIED: "wrote you an e-mail",
    EventType.DELIVERED: "delivered an e-mail about it",
    EventType.BOUNCED: "received an e-mail back that could not be delivered",
    EventType.RESENT: "sent an e-mail about it again",
    EventType.ESCALATED: "reminded colleagues that you were waiting",
    EventType.EXPORTED: "exported it to a file, with your name and contact details",
    EventType.DISCLOSED: "gave you a copy of your data",
    EventType.PURGED: "deleted it at the end of the retention period",
    EventType.ERASED: "deleted it at your request",
}
# Events in which someone could read at least a name.
READING = (EventType.LISTED, EventType.SEEN, EventType.EXPORTED, EventType.DISCLOSED)


@dataclass
class Activity:
    """What someone did; `times` counts repetitions on the same day from the same address."""

    at: datetime
    who: str
    role: str
    address: str
    what: str
    detail: str
    times: int = 1
    last: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """When it happened last, if not within a minute of the first time."""
        return self.last if self.last and self.last - self.at >= timedelta(minutes=1) else None


@dataclass
class Reader:
    """Someone who could read a part of the enquiry."""

    who: str
    role: str
    times: int
    first: datetime
    last: datetime


def activity_of(reference: str) -> tuple[list[Activity], list[Reader]]:
    """Return what happened to an enquiry, the earliest first, and who could read it, with three queries."""
    events = EnquiryEvent.objects.of(reference).select_related("actor").prefetch_related("actor__groups")
    activities: dict[object, Activity] = {}
    readers: dict[int, Reader] = {}
    for event in events:
        who, role = _person(event)
        is_reading = event.kind in READING
        # The detail of a list or an export is about all enquiries in it.
        detail = "" if event.kind in (EventType.LISTED, EventType.EXPORTED) else event.detail
        new = Activity(event.at, who, role, event.ip_address or "", FOR_THE_PATIENT[EventType(event.kind)], detail)
        key = (timezone.localdate(event.at), event.actor_id, event.kind, new.address) if is_reading else event.pk
        activity = activities.setdefault(key, new)
        if activity is not new:
            activity.times, activity.last, activity.detail = activity.times + 1, event.at, ""
        if is_reading and event.actor_id is not None:
            reader = readers.setdefault(event.actor_id, Reader(who, role, 0, event.at, event.at))
            reader.times, reader.last = reader.times + 1, event.at
    return list(activities.values()), list(readers.values())


def _person(event: EnquiryEvent) -> tuple[str, str]:
    if not event.actor_id:
        return ("The website", "automatically")
    if event.actor is None:
        return (event.actor_name, "no longer works here")
    roles = [group.name for group in event.actor.groups.all()]
    if event.actor.is_superuser:
        roles.append("Administrator")
    return (display_name(event.actor), ", ".join(roles) or "no role now")
