"""The receipt stands on its signed address alone."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from contact.form import cookieless
from contact.models import Enquiry
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db


def receipt_address(enquiry: Enquiry) -> str:
    return reverse("enquiry_receipt", args=[cookieless.sign_receipt(enquiry)])


def test_the_receipt_shows_reference_yukon_time_and_what_happens_next(client: Client) -> None:
    enquiry = make_enquiry(received_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    response = client.get(receipt_address(enquiry))
    html = response.content.decode()
    assert response.status_code == 200
    assert enquiry.reference in html
    assert "Wednesday, July\N{NO-BREAK SPACE}1, 2026, 3:30\N{NO-BREAK SPACE}p.m." in html
    assert "What happens next" in html
    assert "911" in html
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_the_receipt_names_the_day_that_was_promised(client: Client) -> None:
    received, due = datetime(2026, 12, 31, 17, 0, tzinfo=UTC), datetime(2027, 1, 5, 0, 0, tzinfo=UTC)
    html = client.get(receipt_address(make_enquiry(received_at=received, due_at=due))).content.decode()
    assert "We answer by Monday, January\N{NO-BREAK SPACE}4, 2027, 5\N{NO-BREAK SPACE}p.m." in html


def test_a_receipt_without_a_day_promises_none(client: Client) -> None:
    assert "We answer as soon as we can." in client.get(receipt_address(make_enquiry())).content.decode()


@pytest.mark.usefixtures("database_gone")
def test_the_receipt_says_something_true_without_a_database(client: Client) -> None:
    received, due = datetime(2026, 11, 23, 17, 0, tzinfo=UTC), datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    known = Enquiry(reference="K7-3F9Q", received_at=received, due_at=due)
    assert (
        "We answer by Tuesday, November\N{NO-BREAK SPACE}24, 5\N{NO-BREAK SPACE}p.m."
        in client.get(receipt_address(known)).content.decode()
    )
    known.due_at = None
    assert "We answer as soon as we can." in client.get(receipt_address(known)).content.decode()


def test_the_receipt_says_nothing_about_the_patient(client: Client) -> None:
    html = client.get(receipt_address(make_enquiry(name="Robin Rare"))).content.decode()
    assert "Robin" not in html
    assert "sam@example.com" not in html


def test_the_receipt_needs_no_row(client: Client) -> None:
    enquiry = make_enquiry()
    address = receipt_address(enquiry)
    enquiry.delete()
    assert client.get(address).status_code == 200


def test_one_enquiry_has_one_receipt() -> None:
    enquiry = make_enquiry()
    assert cookieless.sign_receipt(enquiry) == cookieless.sign_receipt(Enquiry.objects.get())


@pytest.mark.parametrize("signed", ["x", "WyJLNy0zRjlRIiwxXQ:forged", ":", "%00"])
def test_a_changed_address_is_not_found(client: Client, signed: str) -> None:
    assert client.get(f"/enquiry/sent/{signed}/").status_code == 404


def test_the_receipt_can_only_be_read(client: Client) -> None:
    assert client.post(receipt_address(make_enquiry())).status_code == 405
