"""Remind the colleagues who have overdue enquiries, and later the manager: once each, in one mail an hour."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from contact.intake import promise
from contact.intake.promise import ReplyPolicy
from contact.intake.submission import lock_mail
from contact.models import DeskSettings, Enquiry, EnquiryEvent, Message
from contact.models.enquiry import WAITING
from contact.models.event import EventType, record
from contact.models.message import REMINDERS, MessageType
from contact.models.settings import staff_address
from contact.workflow.overview import postponed

# Working hours between the two reminders: half a day.
MANAGER_AFTER = timedelta(hours=4)
AN_HOUR = timedelta(hours=1)
# The most in one run; the rest follow in the next.
BATCH = 200


@transaction.atomic
def escalate_overdue(now: datetime | None = None) -> str:
    """Add the reminders that are due; return of how many enquiries. Processes that do so at once take turns."""
    now = now or timezone.now()
    lock_mail()
    policy = promise.reply_policy()
    _set_missing_due_times(policy)
    overdue = Enquiry.objects.filter(status__in=WAITING, due_at__lt=now).exclude(postponed(now)).order_by("due_at")
    first, second = _reminders(MessageType.ESCALATION_ASSIGNEE), _reminders(MessageType.ESCALATION_MANAGER)
    colleagues = overdue.exclude(Exists(first)).select_related("assigned_to")[:BATCH]
    reminded = overdue.exclude(Exists(second)).annotate(reminded_at=Subquery(first.order_by("at").values("at")[:1]))
    managers = [
        enquiry
        for enquiry in reminded.filter(reminded_at__lte=now - MANAGER_AFTER)[:BATCH]
        if policy.time_between(enquiry.reminded_at, now) >= MANAGER_AFTER
    ]
    to_colleagues = _remind(colleagues, MessageType.ESCALATION_ASSIGNEE, now)
    to_manager = _remind(managers, MessageType.ESCALATION_MANAGER, now)
    return f"{to_colleagues} to colleagues, {to_manager} to the manager"


def _set_missing_due_times(policy: ReplyPolicy) -> None:
    """Set the due time of enquiries that arrived while it could not be calculated."""
    for enquiry in Enquiry.objects.filter(status__in=WAITING, due_at=None)[:BATCH]:
        due_at = policy.due_at(enquiry.received_at, is_urgent=enquiry.is_urgent and enquiry.is_read_first)
        Enquiry.objects.filter(pk=enquiry.pk, due_at=None).update(due_at=due_at, promised_at=due_at)


def _reminders(kind: MessageType) -> QuerySet[EnquiryEvent]:
    return EnquiryEvent.objects.filter(reference=OuterRef("reference"), kind=EventType.ESCALATED, data__to=kind)


def _remind(enquiries: Iterable[Enquiry], kind: MessageType, now: datetime) -> int:
    """Add one mail for each person who has had none for an hour; return of how many enquiries."""
    by_person, count = defaultdict(list), 0
    for enquiry in enquiries:
        by_person[_recipient(enquiry, kind)].append(enquiry)
    for recipient, theirs in by_person.items():
        if Message.objects.filter(kind__in=REMINDERS, recipient=recipient, created_at__gt=now - AN_HOUR).exists():
            continue
        message = Message.objects.create(kind=kind, recipient=recipient, created_at=now, not_before=now)
        for enquiry in theirs:
            data = {"to": kind, "message": message.pk}
            record(EventType.ESCALATED, enquiry.reference, detail=kind.label, data=data, at=now)
        count += len(theirs)
    return count


def _recipient(enquiry: Enquiry, kind: MessageType) -> str:
    if kind == MessageType.ESCALATION_MANAGER:
        return DeskSettings.load().manager_email or staff_address()
    colleague = enquiry.assigned_to
    return (colleague.email if colleague and colleague.is_active else "") or staff_address()
