"""Which enquiries are closed or deleted, by status and by the periods that managers set."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, EnquiryEvent, Entry
from contact.models.enquiry import Status
from contact.models.entry import EntryType
from contact.models.message import MessageType
from contact.privacy.deletion import close_answered, purge
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.mark.parametrize(
    ("status", "ended_days_ago", "is_due"),
    [
        ("closed", 89.9, False),
        ("closed", 90.1, True),
        ("spam", 29.9, False),
        ("spam", 30.1, True),
        ("new", 4000, False),
        ("in_progress", 4000, False),
        ("answered", 4000, False),
        ("suspected_spam", 4000, False),
    ],
)
def test_an_enquiry_is_deleted_once_its_retention_period_is_over(
    status: str, ended_days_ago: float, is_due: bool
) -> None:
    make_enquiry(status=status, received_at=days_ago(5000))
    Enquiry.objects.update(closed_at=days_ago(ended_days_ago))
    purge()
    assert Enquiry.objects.exists() is not is_due


@pytest.mark.parametrize("status", ["closed", "spam"])
def test_an_enquiry_on_legal_hold_is_never_deleted(status: str) -> None:
    make_enquiry(status=status, closed_at=days_ago(4000), legal_hold=True)
    assert purge() is None
    Enquiry.objects.update(legal_hold=False)
    assert purge()


def test_managers_set_the_retention_periods() -> None:
    DeskSettings.objects.update_or_create(defaults={"keep_closed_days": 10, "keep_spam_days": 5})
    make_enquiry(status="closed", closed_at=days_ago(11))
    make_enquiry(status="spam", closed_at=days_ago(6), message="Casino")
    make_enquiry(status="spam", closed_at=days_ago(4), message="Backlinks")
    run = purge()
    assert run
    assert (run.total, run.keep_days) == (2, {"closed": 10, "spam": 5})


def test_a_purge_leaves_canaries_alone() -> None:
    make_enquiry(status="closed", closed_at=days_ago(4000), is_canary=True)
    assert purge() is None
    assert Enquiry.all_objects.count() == 1


def make_answered(**fields: object) -> Enquiry:
    return make_enquiry(
        **{"status": Status.ANSWERED, "answered_at": days_ago(15), "received_at": days_ago(16)} | fields
    )


def test_an_answered_enquiry_is_closed_after_two_weeks_without_activity() -> None:
    enquiry = make_answered()
    make_answered(answered_at=days_ago(13))
    now = timezone.now()
    assert close_answered(now) == 1
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.revision) == (Status.CLOSED, 1)
    assert enquiry.closed_at
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.reference, event.actor_name) == ("changed", enquiry.reference, "")
    assert event.detail == "status: Answered → Closed"
    assert close_answered(now) == 0


def test_an_answered_enquiry_with_recent_activity_stays_open() -> None:
    noted, mailed, bounced, unsent, changed = (make_answered() for _ in range(5))
    Entry.objects.create(enquiry=noted, kind=EntryType.CALL, at=days_ago(2))
    make_message(enquiry=mailed, created_at=days_ago(15), sent_at=days_ago(1))
    make_message(enquiry=bounced, created_at=days_ago(15), sent_at=days_ago(15), bounced_at=days_ago(1))
    reply = Entry.objects.create(enquiry=unsent, kind=EntryType.REPLY, at=days_ago(15))
    make_message(enquiry=unsent, kind=MessageType.REPLY, entry=reply, created_at=days_ago(15))
    EnquiryEvent.objects.create(kind="changed", reference=changed.reference, at=days_ago(1))
    assert close_answered() == 0


def test_opening_an_answered_enquiry_is_no_activity() -> None:
    enquiry = make_answered()
    EnquiryEvent.objects.create(kind="seen", reference=enquiry.reference, at=days_ago(1))
    Entry.objects.create(enquiry=enquiry, kind=EntryType.NOTE, at=days_ago(15))
    assert close_answered() == 1
