"""An enquiry whose answer did not arrive is reopened."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.intake import promise
from contact.mail import bounces
from contact.models import Enquiry, Entry, Message
from contact.models.message import MessageType
from contact.workflow import overview, reopening
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.contact.reports import SAID

pytestmark = pytest.mark.django_db
CLOCK = ZoneInfo("America/Whitehorse")


def make_reply(enquiry: Enquiry, **fields: Any) -> Message:
    """Return a reply that the mail server took."""
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello")
    fields = {"sent_at": timezone.now()} | fields
    return make_message(enquiry=enquiry, kind=MessageType.REPLY, entry=entry, **fields)


def page_of(desk: Client, enquiry: Enquiry) -> str:
    return desk.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).content.decode()


@pytest.mark.parametrize(
    ("status", "kind"), [("answered", "patient_receipt"), ("spam", "reply"), ("suspected_spam", "reply")]
)
def test_an_undelivered_receipt_or_reply_to_spam_reopens_nothing(status: str, kind: str) -> None:
    enquiry = make_enquiry(status=status)
    message = make_reply(enquiry) if kind == "reply" else make_message(enquiry=enquiry, kind=kind)
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    assert Enquiry.objects.get().status == status


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_an_answer_that_came_back_reopens_the_enquiry_with_a_new_time_to_answer_by(status: str) -> None:
    enquiry = make_enquiry(status=status, due_at=hours_ago(100), received_at=hours_ago(120))
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.answered_at, enquiry.closed_at) == ("in_progress", None, None)
    assert enquiry.due_at
    assert enquiry.due_at > timezone.now(), "it is not overdue in the same moment"
    assert Enquiry.objects.get(overview.undelivered(timezone.now())) == enquiry


def test_a_promise_that_can_still_be_kept_stays(desk: Client) -> None:
    promised = timezone.now() + timedelta(hours=2)
    enquiry = make_enquiry(status="answered", due_at=promised)
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at) == ("in_progress", promised)
    assert "Answer promised by" in page_of(desk, enquiry)


def test_the_desk_does_not_call_the_new_time_a_promise(desk: Client) -> None:
    enquiry = make_enquiry(status="answered", due_at=datetime(2026, 3, 2, 17, tzinfo=CLOCK))
    bounces.record_bounce(bounces.Bounce(make_reply(enquiry).message_id, SAID))
    enquiry.refresh_from_db()
    html = page_of(desk, enquiry)
    assert "Later than promised; answer by" in html
    assert "Answer promised by" not in html
    assert "answer by: 2 Mar 2026, 17:00 → " in html
    Enquiry.objects.update(due_at=hours_ago(1))
    assert "Overdue: due by" in page_of(desk, enquiry)


def test_a_later_reply_that_arrived_is_an_answer() -> None:
    enquiry = make_enquiry(status="closed")
    first = make_reply(enquiry, created_at=hours_ago(2))
    second = make_reply(enquiry, created_at=hours_ago(1))
    bounces.record_bounce(bounces.Bounce(first.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "closed"
    bounces.record_bounce(bounces.Bounce(second.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == "in_progress", "neither of the two arrived"


@pytest.mark.parametrize(("outcome", "status"), [("reached", "answered"), ("voicemail", "in_progress")])
def test_a_later_call_that_reached_the_patient_is_an_answer(outcome: str, status: str) -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry, created_at=hours_ago(2))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, at=hours_ago(1))
    bounces.record_bounce(bounces.Bounce(message.message_id, SAID))
    enquiry.refresh_from_db()
    assert enquiry.status == status


def test_the_enquiry_is_reopened_even_if_the_new_time_cannot_be_calculated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "reply_policy", lambda: 1 / 0)
    reopening.reopen_if_unanswered(make_reply(make_enquiry(status="closed")))
    assert Enquiry.objects.get().status == "in_progress"
