"""How many of our modules one POST of an enquiry passes: few enough to read in one sitting."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.models import ClinicDetails
from contact import privacy_notice
from contact.form import views
from contact.models import DeskSettings
from tests.contact.factories import answers

ROOT = Path(__file__).parents[3]


@pytest.mark.django_db
def test_one_post_passes_few_modules_and_takes_few_queries(
    client: Client,
    details: ClinicDetails,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    details.notify_email = "reception@example.org"
    details.save()
    DeskSettings.load()
    notice = privacy_notice.current_notice()
    assert notice
    files: set[Path] = set()
    receive_enquiry = views.receive_enquiry

    def note(frame: FrameType, event: str, _argument: object) -> None:
        files.add(Path(frame.f_code.co_filename))

    def profiled(request: HttpRequest) -> HttpResponse:
        sys.setprofile(note)
        try:
            return receive_enquiry(request)
        finally:
            sys.setprofile(None)

    monkeypatch.setattr(views, "receive_enquiry", profiled)
    sent = answers(about="2", notice=notice.version)
    with django_assert_max_num_queries(22):
        assert client.post("/enquiry/", sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    in_contact = {file for file in files if file.is_relative_to(ROOT / "contact")}
    assert 0 < len(in_contact) <= 12, in_contact
    # Pure functions (characters, numbers, addresses, opening hours), a signal.
    in_clinic = {file for file in files if file.is_relative_to(ROOT / "clinic")}
    assert len(in_clinic) <= 14, in_clinic
