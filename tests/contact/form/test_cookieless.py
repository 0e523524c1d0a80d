"""Visitors have no cookie and no token: the browser says where a form comes from, and pages carry signed values."""

import base64
import time
from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from contact.form.cookieless import (
    ALREADY_SHOWN_FOR,
    AlreadyShown,
    Origin,
    already_shown,
    hidden_values,
    origin_of,
    sign_receipt,
)
from contact.models import Enquiry
from tests.contact.factories import answers, make_enquiry
from tests.markup import Markup


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, Origin.OURS),
        ({"Sec-Fetch-Site": "none"}, Origin.OURS),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, Origin.OURS),
        ({"Sec-Fetch-Site": "cross-site"}, Origin.ANOTHER_SITE),
        ({"Sec-Fetch-Site": "same-site"}, Origin.ANOTHER_SITE),
        ({"Sec-Fetch-Site": ""}, Origin.ANOTHER_SITE),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"}, Origin.ANOTHER_SITE),
        ({"Origin": "https://testserver"}, Origin.OURS),
        ({"Origin": "HTTP://TestServer"}, Origin.OURS),
        ({"Origin": "https://testserver:8443"}, Origin.ANOTHER_SITE),
        ({"Origin": "https://elsewhere.example"}, Origin.ANOTHER_SITE),
        ({"Origin": "https://testserver.elsewhere.example"}, Origin.ANOTHER_SITE),
        ({"Origin": "https://testserver@elsewhere.example"}, Origin.ANOTHER_SITE),
        ({"Origin": "null"}, Origin.ANOTHER_SITE),
        ({"Origin": ""}, Origin.ANOTHER_SITE),
        ({"Origin": "https://[broken"}, Origin.ANOTHER_SITE),
        ({}, Origin.UNKNOWN),
    ],
)
def test_the_browser_says_where_a_form_comes_from(headers: dict[str, str], origin: Origin) -> None:
    assert origin_of(RequestFactory().post("/enquiry/", headers=headers)) is origin


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "second_status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),  # says so each time, and cannot confirm
        ({"Origin": "https://elsewhere.example"}, 303),
        ({"Origin": "null"}, 303),  # hides its origin each time, and gets through the second time
    ],
)
def test_a_form_from_another_site_is_only_shown_again(
    client: Client, headers: dict[str, str], second_status: int
) -> None:
    sent = answers(message="Typed with care")
    response = client.post("/enquiry/", sent, headers=headers)
    html = response.content.decode()
    assert response.status_code == 403
    assert response["Cache-Control"] == "private, no-cache"
    assert "came from another website" in html
    assert 'value="Sam Sample"' in html
    assert "Typed with care</textarea>" in html
    assert '<button type="submit"' in html
    assert not Enquiry.objects.exists()
    assert client.post("/enquiry/", sent | {"confirmed": "shown:1:forged"}, headers=headers).status_code == 403
    confirmed = {"confirmed": Markup(html).hidden_inputs()["confirmed"]}
    assert client.post("/enquiry/", sent | confirmed, headers=headers).status_code == second_status


def test_a_signed_value_is_valid_for_its_own_page_and_for_a_few_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = dict(hidden_values(AlreadyShown))
    assert already_shown(signed) == set(AlreadyShown)
    assert already_shown({"warned": signed["confirmed"], "confirmed": signed["warned"]}) == frozenset()
    later = time.time() + ALREADY_SHOWN_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert already_shown(signed) == frozenset()


def receipt_address(enquiry: Enquiry) -> str:
    return reverse("enquiry_receipt", args=[sign_receipt(enquiry)])


RECEIVED, DUE = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 3, 0, 0, tzinfo=UTC)


@pytest.mark.usefixtures("database_gone")
def test_the_receipt_needs_no_database_and_says_nothing_about_the_patient(client: Client) -> None:
    enquiry = Enquiry(reference="K7-3F9Q", received_at=RECEIVED, due_at=DUE, name="Robin Rare", email="r@example.com")
    response = client.get(receipt_address(enquiry))
    html = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    for expected in ("K7-3F9Q", "Wednesday, July 1, 2026, 3:30 p.m.", "What happens next", "911"):
        assert expected in html
    assert "We will reply by 5\N{NO-BREAK SPACE}p.m. on Thursday, July\N{NO-BREAK SPACE}2." in html
    for private in ("Robin", "r@example.com"):
        assert private not in html
    enquiry.due_at = None
    assert "We will reply as soon as we can." in client.get(receipt_address(enquiry)).content.decode()


@pytest.mark.django_db
def test_a_receipts_address_holds_nothing_personal_and_a_changed_one_is_not_found(client: Client) -> None:
    enquiry = make_enquiry()
    signed = sign_receipt(enquiry)
    assert signed == sign_receipt(Enquiry.objects.get()), "one enquiry has one receipt"
    payload = base64.urlsafe_b64decode(signed.partition(":")[0] + "==").decode()
    assert payload == f'["{enquiry.reference}",{int(enquiry.received_at.timestamp())},null,0]'
    for changed in ("x", "WyJLNy0zRjlRIiwxXQ:forged", ":", "%00"):
        assert client.get(f"/enquiry/sent/{changed}/").status_code == 404
