"""The activity log of one enquiry, in words for the patient: who could read it, and what was done with it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from contact.models import EnquiryEvent
from contact.models.event import EventType
from contact.workflow.updates import display_name
from contact.workflow.waiting import A_MINUTE

FOR_THE_PATIENT: dict[str, str] = {one.value: one.for_the_patient for one in EventType}
# Events in which someone could read at least a name.
READING = (EventType.LISTED, EventType.SEEN, EventType.EXPORTED, EventType.DISCLOSED)


@dataclass
class Activity:
    """What someone did with an enquiry, once or several times in a row."""

    at: datetime
    what: str
    who: str = ""
    detail: str = ""
    role: str = ""
    address: str = ""
    times: int = field(default=1, kw_only=True)
    last: datetime | None = field(default=None, kw_only=True)

    @property
    def until(self) -> datetime | None:
        """When it happened last, if not within a minute of the first time."""
        return self.last if self.last and self.last - self.at >= A_MINUTE else None

    def repeat(self, at: datetime) -> None:
        self.times, self.last = self.times + 1, at


def activity_of(reference: str) -> tuple[list[Activity], list[Activity]]:
    """Return what happened to an enquiry, the earliest first, and who could read it, with three queries.

    Readings by one person on the same day from the same address are one activity.
    """
    events = EnquiryEvent.objects.of(reference).select_related("actor").prefetch_related("actor__groups")
    activities: dict[object, Activity] = {}
    readers: dict[int, Activity] = {}
    for event in events:
        who, role = _person(event)
        is_reading = event.kind in READING
        # The detail of a list or an export is about all enquiries in it.
        detail = "" if event.kind in (EventType.LISTED, EventType.EXPORTED) else event.detail
        at = datetime.fromisoformat(event.data[reference]) if reference in event.data else event.at
        new = Activity(at, FOR_THE_PATIENT[event.kind], who, detail, role, event.ip_address or "")
        key = (timezone.localdate(at), event.actor_id, event.kind, new.address) if is_reading else event.pk
        activity = activities.setdefault(key, new)
        if activity is not new:
            activity.repeat(at)
            activity.detail = ""
        if is_reading and event.actor_id is not None:
            reading = Activity(at, "could read it", who, role=role)
            reader = readers.setdefault(event.actor_id, reading)
            if reader is not reading:
                reader.repeat(at)
    return list(activities.values()), list(readers.values())


def _person(event: EnquiryEvent) -> tuple[str, str]:
    if not event.actor_id:
        return ("The website", "automatically")
    if event.actor is None:
        return (event.actor_name, "no longer has an account")
    roles = [group.name for group in event.actor.groups.all()]
    if event.actor.is_superuser:
        roles.append("Administrator")
    return (display_name(event.actor), ", ".join(roles) or "no current role")
