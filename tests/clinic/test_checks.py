"""What `manage.py check` refuses."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.checks.messages import WARNING
from pytest_django import Settings

from clinic import checks
from clinic.checks import state_folder_is_writable, yukon_time_is_current


@pytest.mark.django_db
def test_the_site_passes_every_check() -> None:
    assert [message for message in run_checks() if message.level >= WARNING] == []


def test_the_time_zone_table_of_this_machine_is_new_enough() -> None:
    assert yukon_time_is_current() == []


def test_an_old_time_zone_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "YUKON_OFFSET", timedelta(hours=-8))
    assert [error.id for error in yukon_time_is_current()] == ["clinic.E001"]


def test_the_state_folder_is_made_when_it_is_missing(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "deep" / "state"
    assert state_folder_is_writable() == []
    assert settings.STATE_DIR.is_dir()


def test_a_state_folder_that_cannot_be_written_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "file"
    settings.STATE_DIR.write_text("in the way")
    (error,) = state_folder_is_writable()
    assert error.id == "clinic.E002"
    assert "STATE_DIR" in error.msg
