"""How many of our modules one POST of an enquiry passes: few enough to read in one sitting."""

import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.models import ClinicDetails
from contact.form import views
from contact.models import DeskSettings
from contact.privacy_notice import versions
from tests.contact.factories import answers

ROOT = Path(__file__).parents[3]


class Trace:
    """The view, and the files of ours in which a function runs until it has answered."""

    def __init__(self, view: Any) -> None:
        self.view = view
        self.files: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sys.setprofile(self.note)
        try:
            return self.view(request)
        finally:
            sys.setprofile(None)

    def note(self, frame: Any, event: str, _arg: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT):
            self.files.add(str(path.relative_to(ROOT)))

    def passed(self, app: str) -> set[str]:
        return {file for file in self.files if file.startswith(f"{app}/")}


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
    notice = versions.current_notice()
    assert notice
    trace = Trace(views.receive_enquiry)
    monkeypatch.setattr(views, "receive_enquiry", trace)
    sent = answers(about="2", notice=notice.version)
    with django_assert_max_num_queries(17):
        assert client.post("/enquiry/", sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert len(trace.passed("contact")) <= 12, trace.passed("contact")
    # Pure functions (phone numbers, e-mail domains, opening hours), the retry on a lost connection, a signal.
    assert len(trace.passed("clinic")) <= 9, trace.passed("clinic")
