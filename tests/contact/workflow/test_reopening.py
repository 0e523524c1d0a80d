"""An answer that did not arrive is no answer, and the enquiry is on the desk again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from contact.intake import promise
from contact.mail import bounces
from contact.models import Enquiry, Entry, Message
from contact.models.message import MessageType
from contact.workflow import overview, reopening
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.contact.reports import SAID

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
CLOCK = ZoneInfo("America/Whitehorse")


def make_reply(enquiry: Enquiry, **fields: Any) -> Message:
    """Return a reply that the mail server took."""
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello")
    fields = {"sent_at": timezone.now()} | fields
    return make_message(enquiry=enquiry, kind=MessageType.REPLY, entry=entry, **fields)


def page_of(desk: Client, enquiry: Enquiry) -> str:
    return desk.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).content.decode()


def test_an_answer_that_came_back_is_no_answer() -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry)
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress"
    assert enquiry.answered_at is None


def test_a_receipt_that_came_back_does_not_undo_an_answer() -> None:
    enquiry = make_enquiry(status="answered")
    message = make_message(enquiry=enquiry, kind=MessageType.PATIENT_RECEIPT)
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "answered"


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_an_answer_that_came_back_puts_the_enquiry_on_the_desk_with_a_day_of_its_own(status: str) -> None:
    enquiry = make_enquiry(status=status, due_at=hours_ago(100), received_at=hours_ago(120))
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.closed_at) == ("in_progress", None)
    assert enquiry.due_at
    assert enquiry.due_at > timezone.now(), "it is not overdue in the same moment"
    assert Enquiry.objects.get(overview.undelivered(timezone.now())) == enquiry


def test_a_promise_that_is_still_to_come_stays_as_the_patient_was_told(desk: Client) -> None:
    promised = timezone.now() + timedelta(hours=2)
    enquiry = make_enquiry(status="answered", due_at=promised)
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at) == ("in_progress", promised)
    assert "Answer promised by" in page_of(desk, enquiry)


def test_a_new_day_is_no_promise_and_the_record_says_so(desk: Client) -> None:
    enquiry = make_enquiry(status="answered", due_at=datetime(2026, 3, 2, 17, tzinfo=CLOCK))
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    html = page_of(desk, enquiry)
    assert "Later than promised; answer by" in html
    assert "Answer promised by" not in html
    assert "answer by: 2 Mar 2026, 17:00 → " in html
    Enquiry.objects.update(due_at=hours_ago(1))
    assert "Overdue: due by" in page_of(desk, enquiry)


def test_an_answer_that_is_refused_after_the_enquiry_was_closed_puts_it_on_the_desk() -> None:
    message = make_reply(make_enquiry(status="closed"))
    reopening.reopen_if_unanswered(message)
    assert Enquiry.objects.get().status == "in_progress"


@pytest.mark.parametrize("status", ["spam", "suspected_spam"])
def test_mail_about_spam_that_came_back_brings_nothing_to_the_desk(status: str) -> None:
    message = make_reply(make_enquiry(status=status))
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    assert Enquiry.objects.get().status == status


def test_a_later_answer_that_arrived_is_an_answer() -> None:
    enquiry = make_enquiry(status="closed")
    first = make_reply(enquiry, created_at=hours_ago(2))
    second = make_reply(enquiry, created_at=hours_ago(1))
    bounces.record_bounce(bounces.Bounce(first.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "closed"
    bounces.record_bounce(bounces.Bounce(second.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress", "none of the two arrived"


@pytest.mark.parametrize(("outcome", "status"), [("reached", "answered"), ("voicemail", "in_progress")])
def test_a_later_call_that_reached_the_patient_is_an_answer(outcome: str, status: str) -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry, created_at=hours_ago(2))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, at=hours_ago(1))
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == status


def test_a_promise_that_cannot_be_reckoned_keeps_no_enquiry_off_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "plan", lambda: 1 / 0)
    reopening.reopen_if_unanswered(make_reply(make_enquiry(status="closed")))
    assert Enquiry.objects.get().status == "in_progress"
