"""Somebody writes a new page in the Wagtail admin: no visitor's page is drawn anew, and no copy is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from clinic.models import ContentVersion, StandardPage
from tests import factories
from tests.edit_form import Answers, answers_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path, settings: Settings) -> Path:
    """The copy of some page, for bad days."""
    settings.PAGE_COPIES_DIR = tmp_path
    copy = tmp_path / "home.page"
    copy.touch()
    return copy


class Editor:
    def __init__(self, person: User, page: StandardPage) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.page = page
        self.address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def answers(self) -> Answers:
        return answers_of(self.client.get(self.address).context["form"])

    def save(self, **answers: str) -> None:
        assert self.client.post(self.address, self.answers() | answers).status_code == 302
        self.page.refresh_from_db()

    def write(self, **answers: str) -> None:
        """Save as the editor's script does by itself, twice a second while somebody types."""
        answer = self.client.post(
            self.address, self.answers() | answers, headers={"accept": "application/json", "x-requested-with": "fetch"}
        )
        assert answer.json()["success"]
        self.page.refresh_from_db()


@pytest.fixture
def editor(manager: User) -> Editor:
    page = factories.make_standard("New", live=False)
    connection.run_on_commit.clear()  # what was built here waits for no commit
    return Editor(manager, page)


def test_the_drafts_of_a_new_page_empty_nothing(
    editor: Editor, copy: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        editor.save(title="New and longer")
        editor.write(title="New and longer still")
        editor.write(title="New and much longer")
    assert editor.page.title == "New and much longer"
    assert ContentVersion.current() == before
    assert copy.exists()


def test_the_new_page_is_seen_once_it_is_published(
    editor: Editor, copy: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        editor.save(**{"action-publish": "1"})
    assert editor.page.live
    assert ContentVersion.current() != before
    assert copy.exists()


def test_a_page_taken_off_takes_the_copies_along(
    editor: Editor, copy: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    editor.save(**{"action-publish": "1"})
    connection.run_on_commit.clear()
    before = ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        editor.client.post(reverse("wagtailadmin_pages:unpublish", args=[editor.page.pk]))
    assert ContentVersion.current() != before
    assert not copy.exists()
