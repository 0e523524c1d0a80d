"""Each enquiry refers to the privacy notice that its sender saw, and no enquiry is lost over a notice."""

import re
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from clinic.models import ClinicDetails
from contact import privacy_notice
from contact.models import DeskSettings, Enquiry, PrivacyNotice
from tests import factories
from tests.contact.factories import answers

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
    DeskSettings.objects.update_or_create(defaults={"keep_closed_days": days})


def test_the_form_shows_the_short_notice_with_a_link_to_the_whole_one(client: Client) -> None:
    factories.make_contact_page()
    for address in (FORM, "/contact/"):
        html = client.get(address).content.decode()
        assert "deleted 90 days after we close it" in html
        assert f'href="{PAGE}"' in html
    assert PrivacyNotice.objects.get().version == version_at(client)


def test_an_enquiry_refers_to_the_notice_that_its_sender_saw_and_so_does_the_desk(
    client: Client, receptionist: User
) -> None:
    seen = version_at(client)
    keep_for(30)
    stored = send(client, notice=seen)
    assert stored.privacy_notice
    assert stored.privacy_notice.version == seen
    assert "90 days" in stored.privacy_notice.text
    assert version_at(client) != seen
    client.force_login(receptionist)
    html = client.get(f"/django-admin/contact/enquiry/{stored.pk}/change/").content.decode()
    assert f'href="{PAGE}{seen}/"' in html


@pytest.mark.parametrize("version", [None, "", "000000000000", "ffff' OR 1=1", "x" * 5000, "\0", "…"])
def test_an_enquiry_with_a_missing_or_unknown_version_is_stored(client: Client, version: str | None) -> None:
    stored = send(client, **({} if version is None else {"notice": version}))
    assert stored.privacy_notice
    assert stored.privacy_notice.version == version_at(client)


@pytest.mark.parametrize("error", [DatabaseError, ValueError])
def test_without_a_notice_the_form_is_shown_and_an_enquiry_is_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    monkeypatch.setattr(privacy_notice, "readers", Mock(side_effect=error))
    html = client.get(FORM).content.decode()
    assert "can open this. What you write is not sent to them by e-mail." in html
    assert 'name="notice" value' not in html
    assert send(client).privacy_notice is None
    response = client.get(PAGE)
    assert response.status_code == 503
    assert response["Cache-Control"] == "private, no-cache"


def test_the_form_is_shown_when_its_notice_cannot_be_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(PrivacyNotice.objects, "get_or_create", Mock(side_effect=DatabaseError))
    assert version_at(client)
    assert "could not be rendered or stored" in caplog.text


def test_the_page_shows_the_whole_notice(client: Client) -> None:
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


def test_an_older_notice_can_be_read_but_not_found_by_search_engines(client: Client) -> None:
    before = version_at(client)
    keep_for(30)
    assert "30 days" in client.get(PAGE).content.decode()
    response = client.get(f"{PAGE}{before}/")
    assert "90 days" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert f'href="{PAGE}"' in response.content.decode()


@pytest.mark.parametrize("version", ["000000000000", "nothing", "a" * 200])
def test_an_unknown_version_is_not_found_and_the_page_takes_no_post(client: Client, version: str) -> None:
    assert client.get(f"{PAGE}{version}/").status_code == 404
    assert client.post(PAGE).status_code == 405


def test_a_form_that_is_shown_again_has_the_current_notice(client: Client) -> None:
    before = version_at(client)
    keep_for(30)
    response = client.post(FORM, answers(name="", notice=before), headers={"sec-fetch-site": "same-origin"})
    assert response.status_code == 422
    found = re.findall(r'name="notice" value="(\w+)"', response.content.decode())
    assert found == [version_at(client)]
    assert found != [before]


def test_breadcrumbs_lead_back_to_the_privacy_page(client: Client, details: ClinicDetails) -> None:
    details.privacy_page = factories.make_standard("Privacy")
    details.save()
    for address, parent in ((PAGE, details.privacy_page.url), (f"{PAGE}{version_at(client)}/", PAGE)):
        html = client.get(address).content.decode()
        assert f'<a href="{parent}">' in html.partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]


def test_the_page_says_once_what_to_do_in_an_emergency(client: Client, details: ClinicDetails) -> None:
    details.emergency_wording = "In an emergency, call 911 at once."
    details.save()
    main = client.get(PAGE).content.decode().partition("<main")[2].partition("</main>")[0]
    assert main.count("911</a>") == main.count(">911<") == 1
    assert "at once." in main
