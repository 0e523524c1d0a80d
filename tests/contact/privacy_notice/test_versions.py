"""Each enquiry knows which notice its sender was shown, and nobody loses an enquiry over it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from django.db import DatabaseError
from django.utils import timezone

from contact.models import DeskSettings, Enquiry, PrivacyNotice
from contact.privacy_notice import versions
from contact.privacy_notice.facts import Facts
from tests import factories
from tests.contact.factories import answers

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from clinic.models import ClinicDetails

pytestmark = pytest.mark.django_db

FORM, PAGE = "/enquiry/", "/enquiry/privacy/"


def version_at(client: Client, address: str = FORM) -> str:
    found = re.search(r'name="notice" value="(\w+)"', client.get(address).content.decode())
    assert found
    return found[1]


def send(client: Client, **more: str) -> Enquiry:
    response = client.post(FORM, answers(**more), headers={"sec-fetch-site": "same-origin"})
    assert response.status_code == 303, response.content.decode()
    return Enquiry.objects.latest("pk")


def keep_for(days: int) -> None:
    desk = DeskSettings.load()
    desk.keep_closed_days = days
    desk.save()


def test_the_form_says_the_short_version_and_leads_to_the_whole_one(client: Client) -> None:
    factories.make_contact_page()
    for address in (FORM, "/contact/"):
        html = client.get(address).content.decode()
        assert "deleted 90 days after we close it" in html
        assert f'href="{PAGE}"' in html
    assert PrivacyNotice.objects.get().version == version_at(client)


def test_an_enquiry_keeps_what_its_sender_was_shown(client: Client) -> None:
    shown = version_at(client)
    keep_for(30)
    stored = send(client, notice=shown)
    assert stored.privacy_notice
    assert stored.privacy_notice.version == shown
    assert "90 days" in stored.privacy_notice.text
    assert version_at(client) != shown


@pytest.mark.parametrize("told", [None, "", "000000000000", "ffff' OR 1=1", "x" * 5000, "\0", "…"])
def test_a_missing_or_foreign_version_costs_nobody_an_enquiry(client: Client, told: str | None) -> None:
    stored = send(client, **({} if told is None else {"notice": told}))
    assert stored.privacy_notice
    assert stored.privacy_notice.version == version_at(client)


@pytest.mark.parametrize("fault", [DatabaseError, ValueError])
def test_without_a_notice_the_form_is_shown_and_an_enquiry_is_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    monkeypatch.setattr(Facts, "read", Mock(side_effect=fault))
    html = client.get(FORM).content.decode()
    assert "can open this. It is not sent by e-mail." in html
    assert 'name="notice" value' not in html
    assert send(client).privacy_notice is None
    response = client.get(PAGE)
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"


def test_the_form_is_shown_when_the_wording_cannot_be_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(versions, "stored_notice", Mock(side_effect=DatabaseError))
    assert version_at(client)
    assert "could not be stored" in caplog.text


def test_the_page_says_it_all(client: Client) -> None:
    response = client.get(PAGE)
    html = response.content.decode()
    assert "<h2>Who sees it</h2>" in html
    assert f"Version of {timezone.localdate():%B %-d, %Y}</a>" in html
    assert ">https://" not in html
    assert "<li>correct what is wrong</li>" in html
    assert 'href="https://yukonaccountability.ca/ipc/complaints"' in html
    assert f'<link rel="canonical" href="http://testserver{PAGE}">' in html
    assert "noindex" not in html
    assert "X-Robots-Tag" not in response


def test_what_was_said_before_stays_readable_and_out_of_search_engines(client: Client) -> None:
    before = version_at(client)
    keep_for(30)
    assert "30 days" in client.get(PAGE).content.decode()
    response = client.get(f"{PAGE}{before}/")
    assert "90 days" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert f'href="{PAGE}"' in response.content.decode()


@pytest.mark.parametrize("version", ["000000000000", "nothing", "a" * 200])
def test_an_unknown_version_is_not_found_and_no_version_takes_a_post(client: Client, version: str) -> None:
    assert client.get(f"{PAGE}{version}/").status_code == 404
    assert client.post(PAGE).status_code == 405


def test_a_form_that_is_shown_again_says_what_it_shows_now(client: Client) -> None:
    before = version_at(client)
    keep_for(30)
    response = client.post(FORM, answers(name="", notice=before), headers={"sec-fetch-site": "same-origin"})
    assert response.status_code == 422
    found = re.findall(r'name="notice" value="(\w+)"', response.content.decode())
    assert found == [version_at(client)]
    assert found != [before]


def test_the_desk_leads_to_what_the_patient_was_told(client: Client, receptionist: User) -> None:
    stored = send(client)
    assert stored.privacy_notice
    client.force_login(receptionist)
    html = client.get(f"/django-admin/contact/enquiry/{stored.pk}/change/").content.decode()
    assert f'href="{PAGE}{stored.privacy_notice.version}/"' in html


def test_the_way_back_from_it_is_the_privacy_page(client: Client, details: ClinicDetails) -> None:
    details.privacy_page = factories.make_standard("Privacy")
    details.save()
    crumbs = client.get(PAGE).content.decode().partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]
    assert f'<a href="{details.privacy_page.url}">Privacy</a>' in crumbs
    kept = client.get(f"{PAGE}{version_at(client)}/").content.decode()
    assert f'href="{PAGE}"' in kept.partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]


def test_the_page_says_what_to_do_in_an_emergency_once(client: Client, details: ClinicDetails) -> None:
    details.emergency_wording = "In an emergency, call 911 at once."
    details.save()
    main = client.get(PAGE).content.decode().partition("<main")[2].partition("</main>")[0]
    assert main.count("911</a>") == main.count(">911<") == 1
    assert "at once." in main
