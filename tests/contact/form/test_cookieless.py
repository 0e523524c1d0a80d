"""Visitors have no cookie and no token: the browser says where a form comes from, and pages carry signed values."""

import base64
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from contact.form import cookieless
from contact.form.cookieless import AlreadyShown, Origin, already_shown, origin_of, sign_receipt
from contact.models import Enquiry
from tests.contact.factories import answers, make_enquiry
from tests.markup import Markup

OTHERS = (
    "https://testserver:8443", "https://elsewhere.example", "https://testserver.elsewhere.example",
    "https://testserver@elsewhere.example", "null", "", "https://[broken",
)  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        *(({"Sec-Fetch-Site": site}, Origin.OURS) for site in ("same-origin", "none")),
        *(({"Sec-Fetch-Site": site}, Origin.ANOTHER_SITE) for site in ("cross-site", "same-site", "")),
        *(({"Origin": site}, Origin.OURS) for site in ("https://testserver", "HTTP://TestServer")),
        *(({"Origin": site}, Origin.ANOTHER_SITE) for site in OTHERS),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, Origin.OURS),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"}, Origin.ANOTHER_SITE),
        ({}, Origin.UNKNOWN),
    ],
)
def test_the_browser_says_where_a_form_comes_from(headers: dict[str, str], origin: Origin) -> None:
    assert origin_of(RequestFactory().post("/enquiry/", headers=headers)) is origin


@pytest.mark.parametrize(
    ("headers", "second_status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),  # says so each time, and cannot confirm
        ({"Origin": "https://elsewhere.example"}, 303),
        ({"Origin": "null"}, 303),  # hides its origin each time, and gets through the second time
    ],
)
def test_a_form_from_another_site_is_only_shown_again(client: Client, headers: Any, second_status: int) -> None:
    sent = answers(message="Typed with care")
    response = client.post("/enquiry/", sent, headers=headers)
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (403, "private, no-cache")
    shown = ("came from another website", 'value="Sam Sample"', "Typed with care</textarea>", '<button type="submit"')
    assert [words for words in shown if words not in html] == []
    assert not Enquiry.objects.exists()
    assert client.post("/enquiry/", sent | {"confirmed": "shown:1:forged"}, headers=headers).status_code == 403
    confirmed = {"confirmed": Markup(html).hidden_inputs()["confirmed"]}
    assert client.post("/enquiry/", sent | confirmed, headers=headers).status_code == second_status


def test_a_signed_value_is_valid_for_its_own_page_and_for_a_few_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = dict(cookieless.hidden_values(AlreadyShown))
    assert already_shown(signed) == set(AlreadyShown)
    assert already_shown({"warned": signed["confirmed"], "confirmed": signed["warned"]}) == frozenset()
    later = time.time() + cookieless.ALREADY_SHOWN_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert already_shown(signed) == frozenset()


def receipt_of(client: Client, enquiry: Enquiry) -> Any:
    return client.get(reverse("enquiry_receipt", args=[sign_receipt(enquiry)]))


@pytest.mark.usefixtures("database_gone")
def test_the_receipt_needs_no_database_and_says_nothing_about_the_patient(client: Client) -> None:
    received, due = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 3, 0, 0, tzinfo=UTC)
    enquiry = Enquiry(reference="K7-3F9Q", received_at=received, due_at=due, name="Robin Rare", email="r@example.com")
    response = receipt_of(client, enquiry)
    html = response.content.decode()
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert "no-store" in response["Cache-Control"]
    shown = ("K7-3F9Q", "Wednesday, July 1, 2026, 3:30 p.m.", "What happens next", "911")
    assert [words for words in shown if words not in html] == []
    assert "We will reply by 5\N{NO-BREAK SPACE}p.m. on Thursday, July\N{NO-BREAK SPACE}2." in html
    assert [private for private in ("Robin", "r@example.com") if private in html] == []
    enquiry.due_at = None
    assert "We will reply as soon as we can." in receipt_of(client, enquiry).content.decode()


def test_a_receipts_address_holds_nothing_personal_and_a_changed_one_is_not_found(client: Client) -> None:
    enquiry = make_enquiry()
    signed = sign_receipt(enquiry)
    assert signed == sign_receipt(Enquiry.objects.get()), "one enquiry has one receipt"
    payload = base64.urlsafe_b64decode(signed.partition(":")[0] + "==").decode()
    assert payload == f'["{enquiry.reference}",{int(enquiry.received_at.timestamp())},null,0]'
    for changed in ("x", "WyJLNy0zRjlRIiwxXQ:forged", ":", "%00"):
        assert client.get(f"/enquiry/sent/{changed}/").status_code == 404
