"""An enquiry is stored once, with its messages or not at all; how much mail it can cause; the canary of a check."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.signing import TimestampSigner
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinic.models import ClinicDetails
from contact.form.forms import EnquiryForm
from contact.intake import submission
from contact.intake.submission import may_mail_receipt, submit_enquiry
from contact.mail.messages import build_email
from contact.models import DeskSettings, Enquiry, EnquiryEvent, Message, SyntheticCheck, monitoring
from contact.models.message import MessageType
from contact.monitoring.alarms import check_alarms
from contact.monitoring.synthetic_check import LEFT_AFTER, remove_canaries
from contact.screening.spam import forget_senders
from contact.workflow.updates import update_enquiry
from tests.contact.admin.enquiry_page import address_of, stored
from tests.contact.factories import answers, at_once, make_enquiry, make_message, send_form

committing = pytest.mark.django_db(transaction=True, serialized_rollback=True)
RECEIPTS = Message.objects.filter(kind=MessageType.PATIENT_RECEIPT)
SUMMARIES = Message.objects.filter(kind=MessageType.STAFF_SUMMARY)


def send(number: int = 0, **changed: str) -> Enquiry:
    return send_form(**{"message": f"Number {number}", **changed})


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
            sent = {"recipient": f"{hours}@x.example", "created_at": now + timedelta(hours=hours)}
            make_message(enquiry=enquiry, kind=MessageType.PATIENT_RECEIPT, **sent)
    make_message(kind=MessageType.PATIENT_RECEIPT, created_at=now + timedelta(days=2))
    assert may_mail_receipt("sam@example.com", now), "a clock that was ahead stops no receipt"
    forget_senders(now + timedelta(hours=25))
    assert not Enquiry.objects.exclude(network_hash="").exists()


@committing
def test_requests_at_once_are_one_receipt_and_clicks_at_once_are_one_enquiry() -> None:
    at_once(*[lambda number=number: send(number) for number in range(6)])
    assert (Enquiry.objects.count(), RECEIPTS.count()) == (6, 1)
    receipts = at_once(*[lambda: Client().post("/enquiry/", answers())["Location"]] * 8)
    assert (len({*receipts}), Enquiry.objects.count(), Message.objects.count()) == (1, 7, 8)


@pytest.mark.parametrize("network", ["203.0.113.{}", "2001:db8:1:2::{}"])
def test_a_burst_from_one_network_holds_receipts_until_someone_decides(desk: Client, network: str) -> None:
    for number in range(8):
        latest = send(number, email=f"sam{number}@example.com", from_address=network.format(number + 1))
    assert (latest.status, latest.is_receipt_held, RECEIPTS.count()) == ("new", True, 6)

    assert not send(9, email="ann@example.com", from_address="198.51.100.1").is_receipt_held
    assert "8 enquiries from one network within an hour" in desk.get(address_of(latest)).content.decode()
    desk.post(address_of(latest, "verdict"), {"verdict": "not_spam", "seen": latest.revision})
    assert latest.messages.filter(kind=MessageType.PATIENT_RECEIPT).count() == 1
    assert stored(latest, "is_receipt_held", "marked_spam", "status") == [False, False, "new"]
    assert "receipt by e-mail is held" not in desk.get(address_of(latest)).content.decode()
    spam = Enquiry.objects.get(is_receipt_held=True)
    desk.post(address_of(spam, "verdict"), {"verdict": "spam", "seen": 0})
    assert (stored(spam, "status", "marked_spam"), spam.messages.count()) == (["spam", True], 1)


def test_in_an_unusual_hour_staff_get_one_summary_and_each_warning_sign() -> None:
    DeskSettings.objects.update_or_create(defaults={"most_in_an_hour": 3})
    for number in range(5):
        latest = send(number)
    update_enquiry(latest, None, status="in_progress")
    assert Message.objects.filter(kind=MessageType.STAFF_NOTIFICATION).count() == 3
    email = build_email(SUMMARIES.get())
    assert ("5 enquiries in an hour" in email.subject, "sam" in f"{email.subject}{email.body}".lower()) == (True, False)
    SUMMARIES.update(sent_at=timezone.now())
    for number in range(5, 8):
        send(number)
    later = SUMMARIES.get(sent_at=None)
    assert timedelta(minutes=59) < later.not_before - timezone.now() <= timedelta(hours=1)
    assert not Message.objects.stuck(timezone.now() + timedelta(minutes=40)).filter(pk=later.pk).exists()
    flagged = submit_enquiry(cleaned(message="I have chest pain"), red_flags=["Chest pain"])
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


def cleaned(**changed: str) -> dict[str, Any]:
    form = EnquiryForm(answers(**changed))
    assert form.is_valid(), form.errors
    return form.answers


def test_the_same_submission_within_a_day_is_stored_once(settings: Settings) -> None:
    first = submit_enquiry(cleaned())
    same = cleaned(name=" sam  SAMPLE ", phone="867.555.0142", message="Do you have time  next week?\r\n")
    assert submit_enquiry(same) == first
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 2)
    settings.SECRET_KEY = "another key"
    assert submission.fingerprint_of(cleaned()) != first.fingerprint, "no one without the key can guess the words"


def test_changed_answers_are_another_enquiry() -> None:
    changes = {"name": "Kim", "message": "Hi", "phone": "867-555-0143", "topic": "fees", "preferred_contact": "phone"}
    submit_enquiry(cleaned())
    for number, (name, value) in enumerate([*changes.items(), ("voicemail_ok", "on")], 2):
        submit_enquiry(cleaned(**{name: value}))
        assert Enquiry.objects.count() == number, name


STATUSES = [("new", "new"), ("answered", "in_progress"), ("closed", "in_progress"), ("spam", "suspected_spam")]


@pytest.mark.parametrize(("before", "after"), STATUSES)
def test_the_same_words_later_let_the_enquiry_wait_again(before: str, after: str) -> None:
    now = timezone.now()
    first = submit_enquiry(cleaned(), now=now - timedelta(days=9))
    later = {"follow_up_at": now + timedelta(days=9), "waiting_for_patient": True}
    Enquiry.objects.update(status=before, **later)
    for minutes in (0, 1):
        receipt = submit_enquiry(cleaned(), now=now + timedelta(minutes=minutes))
        assert (receipt.pk, receipt.received_at) == (first.pk, now), "each receipt has the time of this sender"
        assert receipt.due_at
        assert receipt.due_at > now
    stored = Enquiry.objects.get()
    assert (stored.status, stored.follow_up_at, stored.waiting_for_patient) == (after, None, False)
    assert (stored.received_at, stored.promised_at != first.promised_at) == (first.received_at, before != "new")
    assert EnquiryEvent.objects.filter(kind="again").count() == 1


def test_a_reference_sounds_like_no_other_and_is_drawn_again_if_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_enquiry().reference
    assert re.fullmatch("[^0O1IL2Z5S8BUV]{2}-[^0O1IL2Z5S8BUV]{4}", taken)
    drawn = iter([taken, taken, "K7-3F9Q"])
    monkeypatch.setattr("contact.models.enquiry.new_reference", lambda: next(drawn))
    assert submit_enquiry(cleaned()).reference == "K7-3F9Q"


def test_an_enquiry_is_stored_with_its_messages_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "_queue_messages", Mock(side_effect=OperationalError("disk full")))
    with pytest.raises(OperationalError):
        submit_enquiry(cleaned())
    assert not Enquiry.objects.exists()


def test_staff_are_notified_at_their_address_or_else_at_the_senders(details: ClinicDetails, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Clinic <hello@example.org>"
    for entered, notified in (("desk@example.org", "desk@example.org"), ("", "hello@example.org")):
        details.notify_email = entered
        details.save()
        enquiry = submit_enquiry(cleaned(message=notified))
        assert enquiry.messages.get(kind=MessageType.STAFF_NOTIFICATION).recipient == notified


@pytest.fixture
def run() -> SyntheticCheck:
    return SyntheticCheck.objects.create(url="https://clinic.example")


def test_a_forged_canary_is_an_ordinary_enquiry(run: SyntheticCheck) -> None:
    of_another_kind = TimestampSigner(salt="contact.shown-again").sign(str(run.pk))
    of_no_check = TimestampSigner(salt="contact.canary").sign("one"), SyntheticCheck(pk=987654).canary
    for forged in (str(run.pk), f"{run.canary[:-1]}!", of_another_kind, *of_no_check):
        enquiry = send_form(**{monitoring.CANARY_FIELD: forged}, message=forged)
        assert not enquiry.is_canary, forged
        assert enquiry.messages.filter(kind=MessageType.STAFF_NOTIFICATION).count() == 1


def test_a_canary_is_accepted_once_in_its_check(run: SyntheticCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = run.canary
    assert send_form(**{monitoring.CANARY_FIELD: sign}).is_canary
    assert not send_form(**{monitoring.CANARY_FIELD: sign}, name="Another").is_canary
    finished = SyntheticCheck.objects.create(url="https://clinic.example", finished_at=timezone.now())
    assert not send_form(**{monitoring.CANARY_FIELD: finished.canary}, name="Too late").is_canary
    monkeypatch.setattr(monitoring, "CANARY_HOLDS", timedelta(seconds=-1))
    late = SyntheticCheck.objects.create(url="https://clinic.example").canary
    assert not SyntheticCheck.objects.take_canary(late)


def test_canaries_of_killed_checks_are_removed_and_enquiries_stay(run: SyntheticCheck) -> None:
    left = send_form(**{monitoring.CANARY_FIELD: run.canary})
    stays = make_enquiry(received_at=timezone.now() - timedelta(hours=1))
    for later, remaining in ((timedelta(), {left, stays}), (LEFT_AFTER, {stays})):
        remove_canaries(run, timezone.now() + later)
        assert {*Enquiry.all_objects.all()} == remaining
    assert not Message.objects.exists()
