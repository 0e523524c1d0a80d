"""The phone number and the emergency wording that are still known when the database is down."""

import json
import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from clinic.models import ClinicDetails
from clinic.public.contact_fallback import FIELDS, contact_details


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
