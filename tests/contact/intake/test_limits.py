"""No one can have us send mail to others without limit, and an unusual hour does not flood the staff."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from contact.form.forms import EnquiryForm
from contact.intake.submission import may_mail_receipt, submit_enquiry
from contact.mail.messages import build_email
from contact.models import DeskSettings, Enquiry, Message
from contact.models.message import MessageType
from contact.monitoring.alarms import check_alarms
from contact.screening.spam import forget_senders
from tests.contact.at_once import at_once
from tests.contact.factories import answers, make_enquiry, make_message

pytestmark = pytest.mark.django_db
RECEIPTS = Message.objects.filter(kind=MessageType.PATIENT_RECEIPT)
SUMMARIES = Message.objects.filter(kind=MessageType.STAFF_SUMMARY)


def send(number: int = 0, *, from_address: str = "203.0.113.7", **changed: Any) -> Enquiry:
    response = Client(headers={"sec-fetch-site": "same-origin"}).post(
        "/enquiry/", answers(**{"message": f"Number {number}", **changed}), REMOTE_ADDR=from_address
    )
    assert response.status_code == 303
    return Enquiry.objects.latest("pk")


def test_a_mailbox_gets_one_receipt_an_hour_and_three_a_day_however_its_address_is_written() -> None:
    spellings = ["Sam.Sample@gmail.com", "samsample+1@gmail.com", "SAMSAMPLE@GoogleMail.com", "s.a.m.sample@gmail.com"]
    for number, spelling in enumerate(spellings):
        send(number, email=spelling)
    assert RECEIPTS.count() == 1
    assert Enquiry.objects.count() == Message.objects.filter(kind=MessageType.STAFF_NOTIFICATION).count() == 4
    now, enquiry = timezone.now(), Enquiry.objects.earliest("pk")
    for hours, is_allowed in ((0.5, False), (1.1, True), (5, True), (22, False), (25, True)):
        assert may_mail_receipt("samsample@gmail.com", now + timedelta(hours=hours)) is is_allowed, hours
        if is_allowed:
            at = now + timedelta(hours=hours)
            make_message(
                enquiry=enquiry, kind=MessageType.PATIENT_RECEIPT, recipient=f"{hours}@x.example", created_at=at
            )
    assert may_mail_receipt("sam.sample@example.com", now)


def test_a_clock_that_was_ahead_stops_no_receipt() -> None:
    make_message(kind=MessageType.PATIENT_RECEIPT, created_at=timezone.now() + timedelta(days=2))
    assert may_mail_receipt(Enquiry.objects.get().mailbox, timezone.now())


def test_network_addresses_are_forgotten_after_a_day() -> None:
    send()
    forget_senders(timezone.now() + timedelta(hours=25))
    assert Enquiry.objects.get().network_hash == ""


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_requests_at_once_are_one_receipt() -> None:
    at_once(*[lambda number=number: send(number) for number in range(6)])
    assert (Enquiry.objects.count(), RECEIPTS.count()) == (6, 1)


@pytest.mark.parametrize("network", ["203.0.113.{}", "2001:db8:1:2::{}"])
def test_a_burst_from_one_network_holds_receipts_until_someone_decides(desk: Client, network: str) -> None:
    for number in range(8):
        latest = send(number, email=f"sam{number}@example.com", from_address=network.format(number + 1))
    assert (latest.status, latest.is_receipt_held, RECEIPTS.count()) == ("new", True, 6)
    assert not send(9, email="ann@example.com", from_address="198.51.100.1").is_receipt_held
    url = f"/django-admin/contact/enquiry/{latest.pk}/"
    assert "8 enquiries from one network within an hour" in desk.get(f"{url}change/").content.decode()
    desk.post(f"{url}verdict/", {"verdict": "not_spam", "seen": latest.revision})
    assert latest.messages.filter(kind=MessageType.PATIENT_RECEIPT).count() == 1
    latest.refresh_from_db()
    assert (latest.is_receipt_held, latest.marked_spam, latest.status) == (False, False, "new")
    assert "receipt by e-mail is held" not in desk.get(f"{url}change/").content.decode()


def test_what_is_marked_as_spam_never_gets_its_receipt(desk: Client) -> None:
    enquiry = send(website="https://a.example")
    assert enquiry.is_receipt_held
    desk.post(f"/django-admin/contact/enquiry/{enquiry.pk}/verdict/", {"verdict": "spam", "seen": 0})
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.marked_spam, RECEIPTS.count()) == ("spam", True, 0)


def test_in_an_unusual_hour_staff_get_one_summary_and_each_warning_sign() -> None:
    DeskSettings.objects.update_or_create(defaults={"most_in_an_hour": 3})
    for number in range(5):
        send(number)
    assert Message.objects.filter(kind=MessageType.STAFF_NOTIFICATION).count() == 3
    email = build_email(SUMMARIES.get())
    assert "5 enquiries in an hour" in email.subject
    assert "sam" not in f"{email.subject}{email.body}".lower()
    SUMMARIES.update(sent_at=timezone.now())
    for number in range(5, 8):
        send(number)
    later = SUMMARIES.get(sent_at=None)
    assert timedelta(minutes=59) < later.not_before - timezone.now() <= timedelta(hours=1)
    assert not Message.objects.stuck(timezone.now() + timedelta(minutes=40)).filter(pk=later.pk).exists()
    form = EnquiryForm(answers(message="I have chest pain"))
    assert form.is_valid()
    flagged = submit_enquiry(form.answers, red_flags=["Chest pain"])
    assert flagged.messages.filter(kind=MessageType.STAFF_NOTIFICATION).exists()


def test_the_desk_and_the_second_channel_hear_of_an_unusual_hour_once(desk: Client) -> None:
    DeskSettings.objects.update_or_create(defaults={"most_in_an_hour": 3, "alarm_email": "oncall@example.org"})
    for _ in range(4):
        make_enquiry()
    for left in (4, 2):
        Enquiry.objects.filter(pk__in=list(Enquiry.objects.values_list("pk", flat=True)[left:])).delete()
        check_alarms()
        assert desk.get("/django-admin/").content.decode().count(f"{left} enquiries in an hour, please look") == 1
    Enquiry.objects.filter(pk=Enquiry.objects.latest("pk").pk).delete()
    check_alarms()
    assert [alarm.subject.rpartition(": ")[2] for alarm in mail.outbox] == ["More enquiries than usual"] * 2
    assert "Over" in mail.outbox[1].subject


def test_a_stranger_with_the_same_name_and_choices_learns_nothing() -> None:
    first = send(message="")
    assert send(message="") == first, "a double click"
    Enquiry.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    assert send(message="") == first, "with the time of the second one on its receipt"
