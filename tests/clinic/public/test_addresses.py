"""What is found at an address; when something is wrong, the page says whom to call, even without a database."""

import json
import re
from io import BytesIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from PIL import Image
from pytest_django import Settings
from wagtail.models import Site

from clinic.models import ClinicDetails, HomePage
from clinic.public.contact_fallback import FIELDS, contact_details
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/about-us", "/about-us//"])
def test_an_address_with_another_last_slash_leads_to_the_page(client: Client, home: HomePage, address: str) -> None:
    factories.make_standard()
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == "/about-us/"


@pytest.mark.parametrize("address", ["/nothing/", "/about-us/no/", "/about%00/", "/%F0%9F%98%80/", "/a" * 400 + "/"])
def test_an_address_without_a_page_is_not_found(client: Client, details: ClinicDetails, address: str) -> None:
    factories.make_standard()
    assert client.get(address).status_code == 404


def test_robots_txt_names_what_is_no_page_and_the_sitemap(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://clinic.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert {"Disallow: /admin/", "Disallow: /django-admin/", "Disallow: /search/?"} < set(lines)
    assert "Sitemap: https://clinic.example/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def test_browsers_find_the_clinics_icon_where_they_look_first(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert not response.cookies
    assert Image.open(BytesIO(response.getvalue())).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_the_process_is_healthy_whatever_the_database_does(client: Client, database_gone: None) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.text == "ok"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("missing", ["the page", "the site too"])
def test_a_page_that_is_not_there_says_whom_to_call(client: Client, details: ClinicDetails, missing: str) -> None:
    client.get("/")
    if missing == "the site too":
        Site.objects.all().delete()
    response = client.get("/nothing/")
    assert response.status_code == 404
    page = Markup(response.text)
    assert len(page.texts("h1")) == 1
    assert page.texts("title")[0].endswith("Fireweed Physiotherapy")
    assert "tel:+18675550142" in page.attributes("a", "href")
    assert "noindex" in page.attributes("meta", "content")


def test_a_forbidden_page_says_whom_to_call(as_physio: Client, details: ClinicDetails) -> None:
    response = as_physio.get("/django-admin/")
    assert response.status_code == 403
    assert "tel:+18675550142" in Markup(response.text).attributes("a", "href")


def test_an_expired_form_says_what_to_do(details: ClinicDetails) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "physio"})
    assert response.status_code == 403
    page = Markup(response.text)
    assert page.texts("h1") == ["Please send it again"]
    assert "tel:+18675550142" in page.attributes("a", "href")


@pytest.fixture
def unforgiving_client() -> Client:
    """A client that gets the page a visitor gets when a view breaks."""
    return Client(raise_request_exception=False)


def test_without_a_database_all_say_whom_to_call(
    unforgiving_client: Client, details: ClinicDetails, request: pytest.FixtureRequest
) -> None:
    unforgiving_client.get("/")
    request.getfixturevalue("database_gone")
    for address in ("/", "/nothing/", "/search/?q=ims", "/services/"):
        response = unforgiving_client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "300"), address
        page = Markup(response.text)
        assert len(page.texts("h1")) == 1
        assert {"tel:+18675550142", "tel:911"} <= {*page.attributes("a", "href")}
        assert not response.cookies


def test_when_even_the_error_page_breaks_there_is_a_plain_one(
    unforgiving_client: Client, details: ClinicDetails, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Mock(side_effect=RuntimeError)
    monkeypatch.setattr("clinic.public.views.render_to_string", broken)
    monkeypatch.setattr("clinic.public.views.find_pages", broken)
    response = unforgiving_client.get("/search/?q=ims")
    assert response.status_code == 500
    assert response["Content-Security-Policy"] == "default-src 'none'"
    page = response.text
    assert "call Fireweed Physiotherapy" in page
    assert {"tel:+18675550142", "tel:911", "tel:811"} <= {*Markup(page).attributes("a", "href")}


def public(details: ClinicDetails) -> dict[str, str]:
    return {name: getattr(details, name) for name in FIELDS}


def saved_file(settings: Settings) -> Path:
    return Path(settings.STATE_DIR) / "clinic-contact.json"


def test_when_the_database_is_down_the_last_known_details_are_used(
    visit: HttpRequest, rf: RequestFactory, details: ClinicDetails, request: pytest.FixtureRequest
) -> None:
    assert contact_details(visit).phone == contact_details().phone == "867-555-0142"
    details.phone = "867-555-0199"
    details.save()
    contact_details(rf.get("/"))
    request.getfixturevalue("database_gone")
    known = contact_details(rf.get("/"))
    assert public(contact_details()) == public(known)
    assert (known.name, known.phone, known.email) == (details.name, "867-555-0199", details.email)
    assert known.emergency_wording == details.emergency_wording


def test_without_a_whole_file_there_is_the_default_wording(
    rf: RequestFactory, database_gone: None, settings: Settings
) -> None:
    assert public(contact_details(rf.get("/"))) == public(ClinicDetails())
    assert {"911", "811"} <= {*re.findall(r"\d+", ClinicDetails().emergency_wording)}
    saved_file(settings).parent.mkdir(parents=True)
    for broken in (b"", b"{", b"[]", b"null", b'{"phone": "1", "unknown": 2}', b"\xff\xfe"):
        saved_file(settings).write_bytes(broken)
        assert public(contact_details(rf.get("/"))) == public(ClinicDetails())


def test_a_folder_that_cannot_be_written_is_logged_and_the_page_is_shown(
    rf: RequestFactory, details: ClinicDetails, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STATE_DIR = tmp_path / "file"
    settings.STATE_DIR.write_text("a file where the folder should be")
    assert contact_details(rf.get("/")).phone == "867-555-0142"
    assert "could not be saved" in caplog.text


def test_the_file_holds_only_public_details(rf: RequestFactory, details: ClinicDetails, settings: Settings) -> None:
    details.notify_email = "desk@example.org"
    details.privacy_contact_name = "Kim Sample"
    details.save()
    contact_details(rf.get("/"))
    saved = json.loads(saved_file(settings).read_text())
    assert set(saved) == {"name", "phone", "email", "emergency_wording", "emergency_wording_fr"}
