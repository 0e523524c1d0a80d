"""An answered enquiry about which nothing more happens closes by itself: only what is closed is deleted on time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, EnquiryEvent, Entry, Message
from contact.models.enquiry import ENDED, Status
from contact.models.event import EventType
from contact.models.message import MessageType
from contact.workflow.updates import StaleError, update_enquiry

if TYPE_CHECKING:
    from datetime import datetime

# To look at an enquiry, or to give it out, is nothing new about it.
NOTHING_NEW = (EventType.LISTED, EventType.SEEN, EventType.EXPORTED, EventType.DISCLOSED)


def close_answered(now: datetime | None = None) -> int:
    """Close the answered ones without anything new for as long as the desk's settings say; return how many."""
    now = now or timezone.now()
    _date_the_undated(now)
    closed = 0
    then = now - timedelta(days=DeskSettings.load().close_answered_after_days)
    # A list, as SQLite refuses to write in the middle of reading when somebody else has written since.
    for enquiry in list(quiet_since(then)):
        try:
            update_enquiry(enquiry, None, seen=enquiry.revision, status=Status.CLOSED)
        except (StaleError, Enquiry.DoesNotExist):
            # Somebody is at it, or it is gone: there is something new.
            continue
        closed += 1
    return closed


def quiet_since(then: datetime) -> QuerySet[Enquiry]:
    """Return the answered ones that nobody wrote, phoned, mailed or decided anything about since `then`."""
    about = {"enquiry": OuterRef("pk")}
    mail = Q(created_at__gt=then) | Q(sent_at__gt=then) | Q(bounced_at__gt=then)
    on_its_way = Q(kind=MessageType.REPLY, sent_at=None)
    events = EnquiryEvent.objects.filter(reference=OuterRef("reference"), at__gt=then).exclude(kind__in=NOTHING_NEW)
    return Enquiry.objects.filter(
        ~Exists(Entry.objects.filter(**about, at__gt=then)),
        ~Exists(Message.objects.filter(mail | on_its_way, **about)),
        ~Exists(events),
        status=Status.ANSWERED,
        answered_at__lte=then,
    )


def _date_the_undated(now: datetime) -> None:
    """Let the days begin to count today where nobody knows when an enquiry ended: never too early."""
    Enquiry.objects.filter(status__in=ENDED, closed_at=None).update(closed_at=now)
    Enquiry.objects.filter(status=Status.ANSWERED, answered_at=None).update(answered_at=now)
