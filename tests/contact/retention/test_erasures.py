"""What was erased on request stays erased when an older copy of the database comes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contact.models import Enquiry, EnquiryEvent, PurgeRun
from contact.privacy.retention import erasures
from contact.privacy.retention.deletion import purge
from contact.privacy.retention.person import erase
from tests.contact.factories import hours_ago, make_enquiry

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import RequestFactory
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def erased(
    rf: RequestFactory, manager: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> str:
    """The reference of an enquiry that was erased on request."""
    enquiry = make_enquiry(received_at=hours_ago(5))
    request = rf.post("/")
    request.user = manager
    with django_capture_on_commit_callbacks(execute=True):
        erase([enquiry], request)
    return enquiry.reference


def test_an_erased_enquiry_that_is_back_is_erased_again(erased: str) -> None:
    make_enquiry(reference=erased, received_at=hours_ago(5), name="Robin Rare")
    stays = make_enquiry()
    assert purge().total == 1
    assert [enquiry.pk for enquiry in Enquiry.objects.all()] == [stays.pk]
    assert [run.reason for run in PurgeRun.objects.order_by("number")] == ["request", "request"]
    assert EnquiryEvent.objects.filter(kind="erased", reference=erased).count() == 2


def test_a_later_one_with_the_same_reference_is_somebody_elses(erased: str) -> None:
    make_enquiry(reference=erased)
    assert purge().total == 0


def test_legal_hold_keeps_also_this_one(erased: str) -> None:
    make_enquiry(reference=erased, received_at=hours_ago(5), legal_hold=True)
    assert purge().total == 0


def test_the_file_holds_the_reference_and_the_time_alone(erased: str, settings: Settings) -> None:
    text = (Path(settings.STATE_DIR) / "erased-references.txt").read_text()
    assert text.startswith(f"{erased} 2")
    assert "Sam" not in text
    assert "example.com" not in text


def test_a_file_that_cannot_be_written_stops_no_erasure(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.STATE_DIR = tmp_path / "file"
    erasures.keep(["K7-3F9Q"])
    assert "What was erased could not be written down" in caplog.text


def test_a_line_that_makes_no_sense_erases_nothing(settings: Settings) -> None:
    enquiry = make_enquiry()
    erasures.keep([])
    (Path(settings.STATE_DIR) / "erased-references.txt").write_text(f"{enquiry.reference}\nnonsense\n\n")
    assert purge().total == 0
