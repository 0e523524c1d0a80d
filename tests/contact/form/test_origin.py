"""Visitors have no cookie and no token: the browser says where a form comes from."""

import re

import pytest
from django.test import Client, RequestFactory

from contact.form.cookieless import Origin, origin_of
from contact.models import Enquiry
from tests.contact.factories import answers


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
        ({"Origin": "HTTP://TestServer:80"}, Origin.OURS),
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
def test_a_browsers_word_about_the_origin_is_judged(headers: dict[str, str], origin: Origin) -> None:
    assert origin_of(RequestFactory().post("/enquiry/", headers=headers)) is origin


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_form_from_elsewhere_is_shown_again_and_not_stored(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/enquiry/", answers(message="Typed with care"), headers=headers)
    html = response.content.decode()
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    assert "came from another website" in html
    assert 'value="Sam Sample"' in html
    assert "Typed with care</textarea>" in html
    assert '<button type="submit"' in html
    assert not Enquiry.objects.exists()

    again = client.post("/enquiry/", answers(message="Typed with care"), headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 303


@pytest.mark.django_db
def test_a_browser_that_hides_its_origin_for_ever_still_gets_through_the_second_time(client: Client) -> None:
    hidden = {"Origin": "null"}
    html = client.post("/enquiry/", answers(), headers=hidden).content.decode()
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', html)
    assert confirmed
    forged = client.post("/enquiry/", answers() | {"confirmed": "shown:1:forged"}, headers=hidden)
    assert forged.status_code == 403
    again = client.post("/enquiry/", answers() | {"confirmed": confirmed[1]}, headers=hidden)
    assert again.status_code == 303


@pytest.mark.django_db
def test_a_browser_that_says_cross_site_cannot_confirm(client: Client) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    html = client.post("/enquiry/", answers(), headers=elsewhere).content.decode()
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', html)
    assert confirmed
    again = client.post("/enquiry/", answers() | {"confirmed": confirmed[1]}, headers=elsewhere)
    assert again.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("headers", "missing"), [({}, True), ({"Sec-Fetch-Site": "same-origin"}, False)])
def test_silence_about_the_origin_is_noted_and_not_refused(
    client: Client, headers: dict[str, str], missing: bool
) -> None:
    assert client.post("/enquiry/", answers(), headers=headers).status_code == 303
    assert Enquiry.objects.get().headers_missing is missing
