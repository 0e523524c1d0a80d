"""Enquiries erased on request are erased again after an older backup is restored."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from contact.models import Enquiry, EnquiryEvent, PurgeRun
from contact.privacy.deletion import purge, remember_erased
from contact.privacy.person import erase
from tests.contact.factories import hours_ago, make_enquiry

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


def test_an_erased_enquiry_that_a_backup_brought_back_is_erased_again(erased: str) -> None:
    make_enquiry(reference=erased, received_at=hours_ago(5), name="Robin Rare")
    other = make_enquiry()
    assert purge()
    assert [enquiry.pk for enquiry in Enquiry.objects.all()] == [other.pk]
    assert [run.counts for run in PurgeRun.objects.order_by("pk")] == [{"request": 1}, {"restored": 1}]
    assert EnquiryEvent.objects.filter(kind="erased", reference=erased).count() == 2


@pytest.mark.parametrize("fields", [{}, {"received_at": hours_ago(5), "legal_hold": True}])
def test_a_later_enquiry_with_the_same_reference_and_one_on_legal_hold_are_not_erased(
    erased: str, fields: dict[str, Any]
) -> None:
    make_enquiry(reference=erased, **fields)
    assert purge() is None


def test_the_file_contains_only_the_reference_and_the_time(erased: str, settings: Settings) -> None:
    text = (Path(settings.STATE_DIR) / "erased-references.txt").read_text()
    assert re.fullmatch(rf"{erased} 2\S+\n", text)


def test_a_file_that_cannot_be_written_or_read_does_not_stop_a_deletion(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.STATE_DIR = tmp_path / "file"
    remember_erased(["K7-3F9Q"])
    assert "could not be written" in caplog.text
    make_enquiry(status="spam", closed_at=hours_ago(24 * 31))
    assert purge()
    assert "could not be read" in caplog.text


def test_a_damaged_line_in_the_file_erases_nothing(settings: Settings) -> None:
    enquiry = make_enquiry()
    remember_erased([])
    (Path(settings.STATE_DIR) / "erased-references.txt").write_text(f"{enquiry.reference}\nnonsense here\n\n")
    assert purge() is None
