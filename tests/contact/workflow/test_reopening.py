"""An enquiry whose answer did not arrive is reopened."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from contact.intake import promise
from contact.mail import bounces
from contact.models import Enquiry, Entry
from contact.models.message import MessageType
from contact.workflow import overview
from tests.contact.admin.enquiry_page import address_of
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.contact.reports import SAID

pytestmark = pytest.mark.django_db


def make_reply(enquiry: Enquiry, **fields: Any) -> Any:
    """Return a reply that the mail server took."""
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello")
    fields = {"sent_at": timezone.now()} | fields
    return make_message(enquiry=enquiry, kind=MessageType.REPLY, entry=entry, **fields)


def bounce(message: Any) -> Enquiry:
    """Record that this message came back; return its enquiry as it is then."""
    bounces.record_bounce(message, SAID)
    return Enquiry.objects.get(pk=message.enquiry_id)


@pytest.mark.parametrize(
    ("status", "kind"), [("answered", "patient_receipt"), ("spam", "reply"), ("suspected_spam", "reply")]
)
def test_an_undelivered_receipt_or_reply_to_spam_reopens_nothing(status: str, kind: str) -> None:
    enquiry = make_enquiry(status=status)
    message = make_reply(enquiry) if kind == "reply" else make_message(enquiry=enquiry, kind=kind)
    assert bounce(message).status == status


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_an_answer_that_came_back_reopens_the_enquiry_with_a_new_time_to_answer_by(status: str) -> None:
    enquiry = make_enquiry(status=status, due_at=hours_ago(100), received_at=hours_ago(120))
    enquiry = bounce(make_reply(enquiry))
    assert (enquiry.status, enquiry.answered_at, enquiry.closed_at) == ("in_progress", None, None)
    assert enquiry.due_at
    assert enquiry.due_at > timezone.now(), "it is not overdue in the same moment"
    assert Enquiry.objects.get(overview.undelivered(timezone.now())) == enquiry


def test_a_time_to_answer_by_that_has_not_passed_stays_the_same(desk: Client) -> None:
    promised = timezone.now() + timedelta(hours=2)
    enquiry = bounce(make_reply(make_enquiry(status="answered", due_at=promised)))
    assert (enquiry.status, enquiry.due_at) == ("in_progress", promised)
    assert "later than promised" not in desk.get(address_of(enquiry)).content.decode()


def test_the_page_does_not_call_the_new_time_a_promise(desk: Client) -> None:
    promised = datetime(2026, 3, 2, 17, tzinfo=ZoneInfo("America/Whitehorse"))
    enquiry = bounce(make_reply(make_enquiry(status="answered", due_at=promised)))
    html = desk.get(address_of(enquiry)).content.decode()
    assert "later than promised" in html
    assert "answer by: March 2, 2026, 5 p.m. → " in html
    Enquiry.objects.update(due_at=hours_ago(1))
    assert "Overdue: due by" in desk.get(address_of(enquiry)).content.decode()


def test_an_enquiry_stays_closed_while_one_of_its_replies_has_arrived() -> None:
    enquiry = make_enquiry(status="closed")
    first, second = (make_reply(enquiry, created_at=hours_ago(hours)) for hours in (2, 1))
    assert bounce(first).status == "closed"
    assert bounce(second).status == "in_progress"


@pytest.mark.parametrize(("outcome", "status"), [("reached", "answered"), ("voicemail", "in_progress")])
def test_a_later_call_that_reached_the_patient_is_an_answer(outcome: str, status: str) -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry, created_at=hours_ago(2))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, at=hours_ago(1))
    assert bounce(message).status == status


def test_the_enquiry_is_reopened_even_if_the_new_time_cannot_be_calculated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "reply_policy", lambda: 1 / 0)
    assert bounce(make_reply(make_enquiry(status="closed"))).status == "in_progress"
