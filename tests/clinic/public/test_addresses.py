import json
import re
from io import BytesIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.test import Client, RequestFactory
from PIL import Image
from pytest_django import Settings
from wagtail.models import Site

from clinic.models import ClinicDetails
from clinic.public.contact_fallback import FIELDS, contact_details
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


def test_an_address_with_another_last_slash_leads_to_the_page_and_one_without_a_page_nowhere(client: Client) -> None:
    factories.make_standard()
    for address in ("/about-us", "/about-us//"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, "/about-us/")
    for address in ("/nothing/", "/about-us/no/", "/about%00/", "/%F0%9F%98%80/", "/a" * 400 + "/"):
        assert client.get(address).status_code == 404


def test_robots_and_browsers_find_what_they_ask_for_first(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://clinic.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    disallowed = {f"Disallow: {address}" for address in ("/admin/", "/django-admin/", "/search/?")}
    assert disallowed | {"Sitemap: https://clinic.example/sitemap.xml"} < {*response.text.splitlines()}
    assert "Disallow: /" not in response.text.splitlines()
    icon = client.get("/favicon.ico").getvalue()
    assert Image.open(BytesIO(icon)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


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


def test_a_forbidden_page_and_an_expired_form_say_whom_to_call(as_physio: Client, details: ClinicDetails) -> None:
    expired = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "physio"})
    assert Markup(expired.text).texts("h1") == ["Please send it again"]
    for response in (expired, as_physio.get("/django-admin/")):
        assert response.status_code == 403
        assert "tel:+18675550142" in Markup(response.text).attributes("a", "href")


def saved_file(settings: Settings) -> Path:
    return Path(settings.STATE_DIR) / "clinic-contact.json"


def test_without_a_database_the_process_is_healthy_and_every_page_says_whom_to_call_from_a_file_of_public_details(
    client: Client, details: ClinicDetails, settings: Settings, request: pytest.FixtureRequest
) -> None:
    client.raise_request_exception = False
    client.get("/")
    details.phone, details.privacy_contact_name = "867-555-0199", "Kim Sample"
    details.save()
    client.get("/")
    saved = json.loads(saved_file(settings).read_text())
    assert set(saved) == {"name", "phone", "email", "emergency_wording", "emergency_wording_fr"}
    request.getfixturevalue("database_gone")
    healthy = client.get("/healthz")
    assert (healthy.status_code, healthy.text, healthy["Cache-Control"]) == (200, "ok", "no-store")
    for address in ("/", "/nothing/", "/search/?q=ims", "/services/"):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "300"), address
        page = Markup(response.text)
        assert len(page.texts("h1")) == 1
        assert {"tel:+18675550199", "tel:911"} <= {*page.attributes("a", "href")}
        assert not response.cookies


def test_when_even_the_error_page_breaks_there_is_a_plain_one(
    client: Client, details: ClinicDetails, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    broken = Mock(side_effect=RuntimeError)
    monkeypatch.setattr("clinic.public.views.render_to_string", broken)
    monkeypatch.setattr("clinic.public.views.find_pages", broken)
    response = client.get("/search/?q=ims")
    assert response.status_code == 500
    assert response["Content-Security-Policy"] == "default-src 'none'"
    page = response.text
    assert "call Fireweed Physiotherapy" in page
    assert {"tel:+18675550142", "tel:911", "tel:811"} <= {*Markup(page).attributes("a", "href")}


def test_without_a_whole_file_the_default_wording_is_shown(
    rf: RequestFactory, database_gone: None, settings: Settings
) -> None:
    assert {"911", "811"} <= {*re.findall(r"\d+", ClinicDetails().emergency_wording)}
    saved_file(settings).parent.mkdir(parents=True)
    for broken in (None, b"", b"{", b"[]", b"null", b'{"phone": "1", "unknown": 2}', b"\xff\xfe"):
        if broken is not None:
            saved_file(settings).write_bytes(broken)
        shown = contact_details(rf.get("/"))
        assert [getattr(shown, name) for name in FIELDS] == [getattr(ClinicDetails(), name) for name in FIELDS]


def test_a_folder_that_cannot_be_written_is_logged_and_the_page_is_shown(
    rf: RequestFactory, details: ClinicDetails, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STATE_DIR = tmp_path / "file"
    settings.STATE_DIR.write_text("a file where the folder should be")
    assert contact_details(rf.get("/")).phone == "867-555-0142"
    assert "could not be saved" in caplog.text
