"""Remind the colleague who has an overdue enquiry, and later the manager, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from contact.intake import promise
from contact.models import DeskSettings, Enquiry, Message
from contact.models.enquiry import WAITING
from contact.models.event import EventType, record
from contact.models.message import MessageType
from contact.models.settings import staff_address

if TYPE_CHECKING:
    from datetime import datetime

    from contact.intake.promise import ReplyPolicy

# Working hours between the two reminders: half a day.
MANAGER_AFTER = timedelta(hours=4)
# The most in one run; the rest follow in the next.
BATCH = 200


def escalate_overdue(now: datetime | None = None) -> str:
    """Add the reminders that are due, delete unsent ones that are no longer needed; return how many of each.

    Safe to run at any time in several processes: the database accepts one reminder of each type per enquiry.
    """
    now = now or timezone.now()
    policy = promise.reply_policy()
    _set_missing_due_times(policy)
    dropped, _ = Message.objects.pointless().unclaimed(now).delete()
    colleagues = _remind_colleagues(now)
    managers = _remind_managers(now, policy)
    return f"{colleagues} to colleagues, {managers} to the manager, {dropped} dropped"


def _set_missing_due_times(policy: ReplyPolicy) -> None:
    """Set the due time of enquiries that arrived while it could not be calculated."""
    for enquiry in Enquiry.objects.filter(status__in=WAITING, due_at=None)[:BATCH]:
        Enquiry.objects.filter(pk=enquiry.pk, due_at=None).update(due_at=policy.due_at(enquiry.received_at))


def _remind_colleagues(now: datetime) -> int:
    kind = MessageType.ESCALATION_ASSIGNEE
    found = list(_overdue(now).exclude(_has(kind)).select_related("assigned_to")[:BATCH])
    staff = staff_address() if found else ""
    return sum(_remind(enquiry, kind, _colleague_address(enquiry) or staff, now) for enquiry in found)


def _remind_managers(now: datetime, policy: ReplyPolicy) -> int:
    kind = MessageType.ESCALATION_MANAGER
    first = Message.objects.filter(enquiry=OuterRef("pk"), kind=MessageType.ESCALATION_ASSIGNEE)
    reminded = _overdue(now).exclude(_has(kind)).annotate(reminded_at=Subquery(first.values("created_at")[:1]))
    found = [
        enquiry
        for enquiry in reminded.filter(reminded_at__lte=now - MANAGER_AFTER)[:BATCH]
        if policy.hours.time_between(enquiry.reminded_at, now) >= MANAGER_AFTER
    ]
    if not found:
        return 0
    manager = DeskSettings.load().manager_email or staff_address()
    return sum(_remind(enquiry, kind, manager, now) for enquiry in found)


def _overdue(now: datetime) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(status__in=WAITING, due_at__lt=now).order_by("due_at")


def _has(kind: MessageType) -> Exists:
    return Exists(Message.objects.filter(enquiry=OuterRef("pk"), kind=kind))


def _colleague_address(enquiry: Enquiry) -> str:
    colleague = enquiry.assigned_to
    return colleague.email if colleague and colleague.is_active else ""


@transaction.atomic
def _remind(enquiry: Enquiry, kind: MessageType, recipient: str, now: datetime) -> bool:
    """Add the reminder and its event; return False if another process was first."""
    _message, is_new = Message.objects.get_or_create(
        enquiry=enquiry, kind=kind, defaults={"recipient": recipient, "created_at": now, "not_before": now}
    )
    if is_new:
        record(EventType.ESCALATED, enquiry.reference, detail=kind.label)
    return is_new
