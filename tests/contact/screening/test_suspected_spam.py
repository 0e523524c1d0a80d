"""Suspected spam is stored, tells nobody, and is one click from being an enquiry like any other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, EnquiryEvent, Message
from contact.screening import forget_senders, sender_hash
from contact.workflow import updates
from tests.contact.factories import answers, make_enquiry

SPAM = {"message": "SEO services! https://a.example https://b.example", "website": "https://a.example"}


def send(**changed: Any) -> Enquiry:
    client = Client()
    assert client.post("/enquiry/", answers(**changed)).status_code == 303
    return Enquiry.objects.latest("pk")


@pytest.mark.django_db
def test_suspected_spam_is_stored_without_mail_and_with_its_reasons() -> None:
    enquiry = send(**SPAM)
    assert enquiry.status == "suspected_spam"
    assert enquiry.screening_score == 7
    assert enquiry.screening_reasons == [
        "A field that people cannot see was filled in",
        "The browser did not say where the form came from",
        "2 web links",
        "Known from advertising: seo services",
    ]
    assert not Message.objects.exists()
    assert EnquiryEvent.objects.get().detail == "suspected spam"
    assert enquiry.due_at is None or enquiry.due_at > enquiry.received_at


@pytest.mark.django_db
def test_the_senders_receipt_is_the_same_whatever_was_thought(client: Client) -> None:
    receipts = []
    for changed in ({}, SPAM):
        page = client.get(client.post("/enquiry/", answers(**changed))["Location"]).content.decode()
        receipts.append(page.replace(Enquiry.objects.latest("pk").reference, "K7-3F9Q"))
    assert Enquiry.objects.filter(status="suspected_spam").count() == 1
    assert without_times(receipts[0]) == without_times(receipts[1])
    assert "is on its way" not in receipts[0]


def without_times(page: str) -> str:
    """Return the page's words in the main part but its time of day."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return main.replace(main.partition("<time")[2].partition("</time>")[0], "")


@pytest.mark.django_db
def test_not_spam_sends_the_mail_it_held() -> None:
    enquiry = send(**SPAM)
    updates.update_enquiry(enquiry, None, status="new")
    assert set(enquiry.messages.values_list("kind", "recipient")) == {
        ("staff_notification", "clinic@example.org"),
        ("patient_receipt", "sam@example.com"),
    }
    updates.update_enquiry(enquiry, None, status="spam")
    updates.update_enquiry(enquiry, None, status="in_progress")
    assert enquiry.messages.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["closed", "spam", "answered"])
def test_what_is_not_put_back_among_the_waiting_sends_nothing(status: str) -> None:
    enquiry = send(**SPAM)
    updates.update_enquiry(enquiry, None, status=status)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_another_enquiry_that_changes_hands_makes_no_mail() -> None:
    enquiry = make_enquiry()
    updates.update_enquiry(enquiry, None, status="in_progress")
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_who_press_at_once_send_it_once() -> None:
    enquiry = send(**SPAM)

    def press(_number: int) -> None:
        try:
            updates.update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, status="new")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert enquiry.messages.count() == 2
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1


@pytest.mark.django_db
def test_one_sign_alone_makes_no_suspect_however_low_the_line() -> None:
    DeskSettings.objects.update_or_create(defaults={"spam_line": 1})
    assert send().status == "new"  # the test's browser says nothing of where it comes from


@pytest.mark.django_db
def test_managers_set_line_and_phrases() -> None:
    DeskSettings.objects.update_or_create(defaults={"spam_line": 3, "spam_phrases": "my widgets\n\n"})
    assert send(message="Buy My  Widgets").status == "suspected_spam"
    assert send(message="SEO services").status == "new"


@pytest.mark.django_db
def test_many_from_one_address_count_and_are_forgotten_after_a_day() -> None:
    for number in range(7):
        latest = send(message=f"number {number}")
    assert "7 enquiries from one network address within a day" in latest.screening_reasons
    assert latest.status == "new"
    assert len({*Enquiry.objects.values_list("sender_hash", flat=True)}) == 1
    Enquiry.objects.filter(message="number 0").update(received_at=timezone.now() - timedelta(hours=24))
    assert forget_senders() == "1 forgotten"
    assert Enquiry.objects.get(message="number 0").sender_hash == ""
    assert len(Enquiry.objects.get(message="number 1").sender_hash) == 64
    assert forget_senders() == "0 forgotten"


@pytest.mark.django_db
def test_a_double_click_does_not_count_twice() -> None:
    for _ in range(9):
        send()
    assert Enquiry.objects.count() == 1


def test_an_address_is_kept_as_a_hash_that_the_key_alone_can_tell() -> None:
    with override_settings(SECRET_KEY="another key" * 5):
        other = sender_hash("203.0.113.7")
    assert other != sender_hash("203.0.113.7")


def test_a_household_is_one_address() -> None:
    assert sender_hash("2001:db8:1:2::1") == sender_hash("2001:db8:1:2:ffff::9")
    assert sender_hash("2001:db8:1:2::1") != sender_hash("2001:db8:1:3::1")
    assert sender_hash("::ffff:203.0.113.7") == sender_hash("203.0.113.7")
    assert sender_hash("") == ""
