"""Which enquiries are closed or deleted, and when: the managers set the days in `DeskSettings`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, EnquiryEvent, Entry, Message
from contact.models.enquiry import ENDED, Status
from contact.models.message import MessageType
from contact.workflow.activity_log import READING
from contact.workflow.updates import StaleError, update_enquiry

if TYPE_CHECKING:
    from datetime import datetime


def keep_days() -> dict[str, int]:
    """Return how many days an enquiry is kept after it was closed, or found to be spam."""
    desk = DeskSettings.load()
    return {Status.CLOSED: desk.keep_closed_days, Status.SPAM: desk.keep_spam_days}


def due(now: datetime) -> QuerySet[Enquiry]:
    """Return the enquiries to delete: never one that is open, only suspected of being spam, or on legal hold."""
    ended = Q(pk=None)
    for status, days in keep_days().items():
        ended |= Q(status=status, closed_at__lte=now - timedelta(days=days))
    return Enquiry.objects.filter(ended, legal_hold=False).order_by("pk")


def close_answered(now: datetime | None = None) -> int:
    """Close answered enquiries without activity for as many days as the settings say; return how many."""
    now = now or timezone.now()
    _date_undated(now)
    closed = 0
    then = now - timedelta(days=DeskSettings.load().close_answered_after_days)
    # A list: SQLite cannot write while a query is being read if another process has written since.
    for enquiry in list(inactive_since(then)):
        try:
            update_enquiry(enquiry, None, seen=enquiry.revision, status=Status.CLOSED)
        except (StaleError, Enquiry.DoesNotExist):
            continue  # changed or deleted a moment ago
        closed += 1
    return closed


def inactive_since(then: datetime) -> QuerySet[Enquiry]:
    """Return the answered enquiries without a note, call, mail or decision since `then`."""
    about = {"enquiry": OuterRef("pk")}
    mail = Q(created_at__gt=then) | Q(sent_at__gt=then) | Q(bounced_at__gt=then)
    unsent_reply = Q(kind=MessageType.REPLY, sent_at=None)
    # Reading an enquiry or giving it out does not make it active again.
    events = EnquiryEvent.objects.filter(reference=OuterRef("reference"), at__gt=then).exclude(kind__in=READING)
    return Enquiry.objects.filter(
        ~Exists(Entry.objects.filter(**about, at__gt=then)),
        ~Exists(Message.objects.filter(mail | unsent_reply, **about)),
        ~Exists(events),
        status=Status.ANSWERED,
        answered_at__lte=then,
    )


def _date_undated(now: datetime) -> None:
    """Start the period today where the date is missing, such as after an import: nothing is deleted too early."""
    Enquiry.objects.filter(status__in=ENDED, closed_at=None).update(closed_at=now)
    Enquiry.objects.filter(status=Status.ANSWERED, answered_at=None).update(answered_at=now)
