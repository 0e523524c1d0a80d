"""What one line of the list says: who, about what, how to reach them, since when, by when, whose, and what is odd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contact.admin.reach import Way, ways_to_reach
from contact.admin.ticks import tick
from contact.models import Enquiry
from contact.models.enquiry import Status
from contact.workflow.waiting import A_MINUTE, in_working_hours, waited, when_due, when_past

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime

    from contact.intake.promise import WorkingHours

TOPICS = dict(Enquiry.Topic.choices)
STATUSES = dict(Status.choices)
TIMES = dict(Enquiry.BestTime.choices)


@dataclass(frozen=True)
class Flag:
    """`kind`: "now" needs somebody, "odd" is a hint, "kept" is a state."""

    text: str
    kind: str


@dataclass(frozen=True)
class Row:
    tick: str
    address: str
    reference: str
    name: str
    topic: str
    page: str
    ways: list[Way]
    reach_note: str
    waited: str
    since: str
    due: str
    is_overdue: bool
    status: str
    assignee: str
    is_mine: bool
    flags: list[Flag]


@dataclass(frozen=True)
class Reader:
    """Reads enquiries for one person at one moment.

    `undelivered`: those whose mail does not arrive; `names`: of those who answer, by number; `done`: for a list of
    those that are, where "by when" says when that was.
    """

    user_id: int | None
    now: datetime
    hours: WorkingHours
    undelivered: Container[int]
    names: Mapping[int, str]
    done: bool = False

    def row(self, enquiry: Enquiry) -> Row:
        waits = enquiry.is_waiting
        is_overdue = bool(waits and enquiry.due_at and enquiry.due_at < self.now)
        return Row(
            tick=tick(enquiry.pk, enquiry.revision),
            address=f"{enquiry.pk}/change/",
            reference=enquiry.reference,
            name=enquiry.name,
            topic=TOPICS.get(enquiry.topic, enquiry.topic),
            page=enquiry.about_title,
            ways=ways_to_reach(enquiry, with_suggestion=False),
            reach_note=_reach_note(enquiry),
            waited="" if self.done else self._waited(enquiry),
            since=when_past(enquiry.received_at, self.now),
            due=self._ended(enquiry) if self.done else self._due(enquiry, is_overdue=is_overdue),
            is_overdue=is_overdue,
            status=STATUSES.get(enquiry.status, enquiry.status),
            assignee=self.names.get(enquiry.assigned_to_id or 0, ""),
            is_mine=enquiry.assigned_to_id == self.user_id,
            flags=list(self._flags(enquiry)),
        )

    def _waited(self, enquiry: Enquiry) -> str:
        time = waited(enquiry, self.now, self.hours)
        # Beside its status, which says it already.
        says_it = enquiry.is_waiting or enquiry.status == Status.ANSWERED
        return time if says_it or not time else f"answered {time}"

    def _ended(self, enquiry: Enquiry) -> str:
        if enquiry.status == Status.ANSWERED:
            return waited(enquiry, self.now, self.hours)
        return when_past(enquiry.closed_at, self.now) if enquiry.closed_at else ""

    def _due(self, enquiry: Enquiry, *, is_overdue: bool) -> str:
        """Return by when we answer; suspected spam has been promised that, too."""
        due = enquiry.due_at
        if due is None or not (enquiry.is_waiting or enquiry.status == Status.SUSPECTED_SPAM):
            return ""
        if not is_overdue:
            return when_due(due, self.now)
        late = self.hours.time_between(due, self.now)
        return f"overdue {in_working_hours(late)}" if late >= A_MINUTE else "overdue"

    def _flags(self, enquiry: Enquiry) -> list[Flag]:
        is_open = enquiry.is_waiting or enquiry.status == Status.SUSPECTED_SPAM
        flags = [Flag(name, "now" if is_open else "kept") for name in enquiry.red_flags]
        if enquiry.pk in self.undelivered:
            flags.append(Flag("Mail does not arrive", "now"))
        if enquiry.status == Status.SUSPECTED_SPAM:
            flags += [Flag(reason, "odd") for reason in enquiry.screening_reasons]
        else:
            told = {"hidden field filled in": enquiry.honeypot_filled, "browser untold": enquiry.headers_missing}
            flags += [Flag(flag, "odd") for flag, is_so in told.items() if is_so]
        if enquiry.masked:
            flags.append(Flag(f"hidden: {', '.join(enquiry.masked)}", "kept"))
        if enquiry.legal_hold:
            flags.append(Flag("legal hold", "kept"))
        return flags


def _reach_note(enquiry: Enquiry) -> str:
    """Return when to phone, and whether to leave a message."""
    if not enquiry.phone:
        return ""
    best = "" if enquiry.best_time in ("", Enquiry.BestTime.ANY) else TIMES[enquiry.best_time]
    voicemail = "voicemail ok" if enquiry.voicemail_ok else "no voicemail"
    return ", ".join(note for note in (best.lower(), voicemail) if note)
