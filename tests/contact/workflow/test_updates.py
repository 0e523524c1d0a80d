"""Changes are recorded and never overwrite a later one; spam by mistake and bounced answers are taken back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.text import capfirst

from contact.intake import promise
from contact.mail import bounces
from contact.models import Enquiry, EnquiryEvent, Entry
from contact.models.message import MessageType
from contact.workflow import overview
from contact.workflow.updates import NOT_SPAM, not_spam, update_enquiry
from tests.contact.admin.enquiry_page import address_of, press, stored
from tests.contact.factories import at_once, hours_ago, make_enquiry, make_message


def test_an_old_instance_does_not_undo_later_changes_and_the_patients_words_cannot_be_changed() -> None:
    enquiry = make_enquiry(status="answered")
    long_ago = Enquiry.objects.get()
    update_enquiry(enquiry, None, status="closed")
    update_enquiry(long_ago, None, legal_hold=True)
    assert stored(enquiry, "status", "legal_hold", "revision") == ["closed", True, 2]
    assert Enquiry.objects.exclude(closed_at=None).exists()
    with pytest.raises(ValueError, match="message, name"):
        update_enquiry(enquiry, None, name="Somebody", message="Else")


def make_spam(status: str, *before: str) -> Enquiry:
    """Return an enquiry with its mail sent, that had the statuses `before` and then this one."""
    enquiry = make_enquiry()
    make_message(enquiry=enquiry)
    for one in (*before, status):
        update_enquiry(enquiry, None, status=one)
    return enquiry


def decide(desk: Client, enquiry: Enquiry, verdict: str = "not_spam") -> list[str]:
    """Press the button of the page as it is in this enquiry's revision; return the messages on the next page."""
    posted = {"seen": str(enquiry.revision), "verdict": verdict}
    response = desk.post(address_of(enquiry, "verdict"), posted, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_the_former_status_is_the_one_before_it_became_spam_the_last_time(receptionist: User) -> None:
    for before in (("new",), ("in_progress",), ("answered",), ("closed",), ("answered", "suspected_spam")):
        assert not_spam(make_spam("spam", *before)) == {"status": before[0]}
    enquiry = make_spam("spam", "closed", "spam", "answered")
    assert not_spam(enquiry) == {"status": "answered"}
    update_enquiry(enquiry, None, status="in_progress", assigned_to=receptionist)
    update_enquiry(enquiry, None, status="spam", assigned_to=None)
    assert not_spam(enquiry) == {"status": "in_progress"}
    arrived_as_spam = make_enquiry(status="suspected_spam")
    update_enquiry(arrived_as_spam, None, status="spam")
    assert not_spam(arrived_as_spam) == {"status": "new"}


def test_suspected_spam_shows_why_and_whether_mail_is_held_back_and_is_decided_by_one_click(desk: Client) -> None:
    suspected = make_enquiry(status="suspected_spam", screening_reasons=["3 links"])
    known, spam = make_spam("suspected_spam", "in_progress"), make_spam("suspected_spam")
    shown = ("This may be spam", "<li>3 links</li>", "No mail has been sent for it")
    html = desk.get(address_of(suspected)).content.decode()
    assert [words for words in shown if words not in html] == []
    assert "No mail has been sent for it" not in desk.get(address_of(known)).content.decode()
    for enquiry in (suspected, known):
        assert decide(desk, enquiry) == [f"{capfirst(NOT_SPAM)}."]
    decide(desk, spam, "spam")
    decide(desk, spam)  # from a page opened before
    assert [one.status for one in Enquiry.objects.order_by("pk")] == ["new", "in_progress", "spam"]
    assert suspected.messages.filter(kind="staff_notification").count() == 1
    assert "This may be spam" not in desk.get(address_of(suspected)).content.decode()
    answered = make_spam("suspected_spam", "answered")
    decide(desk, answered)
    assert stored(answered, "status", "answered_at") == ["answered", answered.answered_at]
    assert answered.messages.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_who_clear_an_enquiry_at_once_send_its_mail_once() -> None:
    enquiry = make_enquiry(status="suspected_spam")
    at_once(*[lambda: update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, status="new")] * 4)
    assert enquiry.messages.count() == 2
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1


def test_suspected_spam_stays_when_others_save_and_cannot_be_chosen(desk: Client, receptionist: User) -> None:
    chosen, enquiry = make_enquiry(), make_enquiry(status="suspected_spam")
    assert press(desk, chosen, status="suspected_spam").status_code == 200
    assert press(desk, enquiry, assigned_to=str(receptionist.pk)).status_code == 302
    assert (chosen.status, enquiry.status, enquiry.assigned_to) == ("new", "suspected_spam", receptionist)


def make_reply(enquiry: Enquiry, **fields: Any) -> Any:
    """Return a reply that the mail server took."""
    entry = Entry.objects.create(enquiry=enquiry, kind="reply", text="Hello")
    fields = {"sent_at": timezone.now()} | fields
    return make_message(enquiry=enquiry, kind=MessageType.REPLY, entry=entry, **fields)


def bounce(message: Any) -> Enquiry:
    """Record that this message came back; return its enquiry as it is then."""
    bounces.record_bounce(message, "550 5.1.1 No such user here")
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
    enquiry = bounce(make_reply(make_enquiry(status=status, due_at=hours_ago(100), received_at=hours_ago(120))))
    assert (enquiry.status, enquiry.answered_at, enquiry.closed_at) == ("in_progress", None, None)
    assert enquiry.due_at
    assert enquiry.due_at > timezone.now(), "it is not overdue in the same moment"
    assert Enquiry.objects.get(overview.undelivered(timezone.now())) == enquiry


def test_the_page_does_not_call_the_new_time_a_promise(desk: Client) -> None:
    promised, later = datetime(2026, 3, 2, 17, tzinfo=ZoneInfo("America/Whitehorse")), hours_ago(-2)
    kept, late = (bounce(make_reply(make_enquiry(status="answered", due_at=due))) for due in (later, promised))
    assert "later than promised" not in desk.get(address_of(kept)).content.decode()
    html = desk.get(address_of(late)).content.decode()
    assert "later than promised" in html
    assert "answer by: March 2, 2026, 5 p.m. → " in html


def test_an_enquiry_stays_closed_while_one_of_its_replies_has_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry(status="closed")
    first, second = (make_reply(enquiry, created_at=hours_ago(hours)) for hours in (2, 1))
    assert bounce(first).status == "closed"
    monkeypatch.setattr(promise, "reply_policy", lambda: 1 / 0)  # and is reopened without a new time, too
    assert bounce(second).status == "in_progress"


@pytest.mark.parametrize(("outcome", "status"), [("reached", "answered"), ("voicemail", "in_progress")])
def test_a_later_call_that_reached_the_patient_is_an_answer(outcome: str, status: str) -> None:
    enquiry = make_enquiry(status="answered")
    message = make_reply(enquiry, created_at=hours_ago(2))
    Entry.objects.create(enquiry=enquiry, kind="call", call_outcome=outcome, at=hours_ago(1))
    assert bounce(message).status == status
