"""What the audit finds about the record of enquiries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contact.models import Enquiry, EnquiryEvent, PurgeRun
from contact.models.activity import record
from contact.models.event import EventType
from contact.privacy.audit import accounts
from contact.privacy.retention.person import erase
from tests.contact.audit.looking import LONG_AGO, NOW, holds, told
from tests.contact.factories import make_enquiry

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import RequestFactory

pytestmark = pytest.mark.django_db


def test_who_looked_how_much_is_counted() -> None:
    assert told(accounts.who_looked) == "Nobody yet\n"
    for _ in range(2):
        EnquiryEvent.objects.create(kind=EventType.SEEN, reference="K7-3F9Q", actor_name="reception")
    record(EventType.RECEIVED, "K7-3F9Q")
    assert "reception: opened 2" in told(accounts.who_looked)


def test_one_erasure_is_counted_once(manager: User, rf: RequestFactory) -> None:
    request = rf.post("/")
    request.user = manager
    erase([make_enquiry()], request)
    EnquiryEvent.objects.create(kind=EventType.LISTED, references="K7-3F9Q 34-6797", actor_name=manager.username)
    assert EnquiryEvent.objects.filter(kind=EventType.ERASED).count() == 2  # the enquiry's, and the ledger's row
    assert "managers: erased on request 1, seen in a list 1" in told(accounts.who_looked)


def test_an_answer_without_a_name_in_the_record_is_found() -> None:
    enquiry = make_enquiry(status=Enquiry.Status.ANSWERED)
    assert not holds(accounts.is_it_recorded)
    EnquiryEvent.objects.create(kind=EventType.LISTED, references=enquiry.reference, actor_name="reception")
    assert not holds(accounts.is_it_recorded)
    EnquiryEvent.objects.create(kind=EventType.CHANGED, references=enquiry.reference, actor_name="reception")
    assert holds(accounts.is_it_recorded)


def test_what_left_the_site_is_told() -> None:
    EnquiryEvent.objects.create(kind=EventType.EXPORTED, references="K7-3F9Q K8-3F9Q", actor_name="managers")
    assert "exported by managers, 2 enquiries" in told(accounts.what_left_the_site)


def test_what_should_have_been_deleted_is_counted() -> None:
    closed = make_enquiry(status=Enquiry.Status.CLOSED)
    assert holds(accounts.deleted_on_time)
    Enquiry.objects.filter(pk=closed.pk).update(closed_at=LONG_AGO)
    assert "Overdue: 1" in told(accounts.deleted_on_time)
    assert not holds(accounts.deleted_on_time)


def test_a_ledger_that_does_not_add_up_falls_short() -> None:
    assert holds(accounts.the_ledger)
    PurgeRun.objects.create(number=1, started_at=NOW, finished_at=NOW, reason="retention", hash="0" * 64)
    assert "Row 1 was changed after it was written." in told(accounts.the_ledger)
    assert not holds(accounts.the_ledger)


def test_old_legal_holds_are_asked_about() -> None:
    held = make_enquiry(legal_hold=True)
    assert holds(accounts.legal_holds)
    Enquiry.objects.filter(pk=held.pk).update(received_at=NOW - timedelta(days=800))
    assert not holds(accounts.legal_holds)
    assert held.reference not in told(accounts.legal_holds)


@pytest.mark.parametrize("status", ["new", "in_progress", "suspected_spam"])
def test_what_stays_open_for_ever_falls_short(status: str) -> None:
    enquiry = make_enquiry(status=status)
    assert holds(accounts.long_open)
    Enquiry.objects.filter(pk=enquiry.pk).update(received_at=LONG_AGO)
    assert not holds(accounts.long_open)
