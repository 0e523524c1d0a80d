"""An overdue enquiry reminds its colleague, then the manager, each once; an answer stops both."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail

from clinic.models import ClinicDetails
from contact.mail import messages
from contact.mail.outbox import deliver_due
from contact.models import DeskSettings, Enquiry, EnquiryEvent, Message
from contact.models.message import MessageType
from contact.workflow.escalation import escalate_overdue
from tests.contact.admin.enquiry_page import stored
from tests.contact.factories import make_enquiry

YUKON = ZoneInfo("America/Whitehorse")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=YUKON)
DUE = datetime(2026, 11, 24, 17, 0, tzinfo=YUKON)
AFTER = DUE + timedelta(minutes=1)
# Without opening hours of its own a clinic works from 9 to 17: four hours later is 13:00 on the next day.
MANAGERS_TURN = datetime(2026, 11, 25, 13, 1, tzinfo=YUKON)
COLLEAGUE, MANAGER = MessageType.ESCALATION_ASSIGNEE, MessageType.ESCALATION_MANAGER


def overdue(**fields: object) -> Enquiry:
    return make_enquiry(**{"received_at": MONDAY, "due_at": DUE} | fields)


def reminders() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


@pytest.fixture(autouse=True)
def addresses(details: ClinicDetails) -> None:
    ClinicDetails.objects.update(notify_email="reception@example.org")
    DeskSettings.objects.update_or_create(defaults={"manager_email": "manager@example.org"})


def test_a_colleague_is_reminded_once_overdue_and_the_manager_half_a_working_day_later() -> None:
    enquiry = overdue()
    escalate_overdue(DUE)
    assert reminders() == []
    escalate_overdue(AFTER)
    escalate_overdue(MANAGERS_TURN - timedelta(minutes=2))
    assert reminders() == [(COLLEAGUE, "reception@example.org")]
    for _ in range(2):
        escalate_overdue(MANAGERS_TURN)
    assert reminders()[1:] == [(MANAGER, "manager@example.org")]
    for letter in map(messages.build_email, Message.objects.all()):
        assert enquiry.reference in letter.subject
        assert "Tuesday, November 24, 2026, 5 p.m." in letter.body
        assert f"{settings.SITE_URL}/django-admin/contact/enquiry/?show=overdue" in letter.body
    events = EnquiryEvent.objects.filter(kind="escalated", reference=enquiry.reference)
    assert list(events.order_by("pk").values_list("detail", flat=True)) == [COLLEAGUE.label, MANAGER.label]


@pytest.mark.parametrize("changed", [{}, {"email": ""}, {"is_active": False}])
def test_the_colleague_is_reminded_or_else_the_staff(receptionist: User, changed: dict[str, Any]) -> None:
    DeskSettings.objects.update(manager_email="")
    User.objects.filter(pk=receptionist.pk).update(**changed)
    overdue(assigned_to=receptionist)
    escalate_overdue(AFTER)
    escalate_overdue(MANAGERS_TURN)
    recipient = "reception@example.org" if changed else "person@example.org"
    assert reminders() == [(COLLEAGUE, recipient), (MANAGER, "reception@example.org")]
    assert receptionist.username in messages.build_email(Message.objects.get(kind=MANAGER)).body


def test_only_enquiries_of_people_that_wait_for_us_are_overdue() -> None:
    for status in ("answered", "closed", "suspected_spam"):
        overdue(status=status)
    planned = {"follow_up_at": MANAGERS_TURN + timedelta(hours=1)}
    for fields in ({"is_canary": True}, {"waiting_for_patient": True}, planned):
        overdue(**fields)
    answered = overdue(status="answered", due_at=None)
    without_a_time = overdue(due_at=None, received_at=MANAGERS_TURN)
    escalate_overdue(MANAGERS_TURN)
    assert reminders() == []
    expected = [[DUE + timedelta(days=2)], [None]]
    assert [stored(one, "due_at") for one in (without_a_time, answered)] == expected, "it gets one while it waits"


def test_a_person_gets_one_mail_an_hour_about_all_that_is_overdue() -> None:
    for _ in range(19):
        overdue()
    escalate_overdue(AFTER)
    overdue()
    escalate_overdue(AFTER + timedelta(minutes=59))
    assert reminders() == [(COLLEAGUE, "reception@example.org")]
    deliver_due(AFTER)
    assert mail.outbox[0].subject == "Overdue: 19 enquiries"
    escalate_overdue(AFTER + timedelta(hours=1))
    deliver_due(AFTER + timedelta(hours=1))
    assert mail.outbox[1].subject.startswith("Overdue: enquiry ")


@pytest.mark.parametrize("is_sent", [True, False])
def test_an_answer_stops_an_unsent_reminder_and_the_one_to_the_manager(is_sent: bool) -> None:
    overdue()
    escalate_overdue(AFTER)
    if is_sent:
        deliver_due(AFTER)
    Enquiry.objects.update(status="answered")
    escalate_overdue(MANAGERS_TURN)
    deliver_due(MANAGERS_TURN)
    assert [kind for kind, _ in reminders()] == [COLLEAGUE]
    assert [letter.to for letter in mail.outbox] == ([["reception@example.org"]] if is_sent else [])
