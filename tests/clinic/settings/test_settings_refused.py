"""Values that look like addresses and are none are refused in our own words, and no secret is quoted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.settings import environment, mail
from scripts.check import DEPLOYMENT

ROOT = Path(__file__).resolve().parents[3]
MAIL = {"imaps", "maildir"}


@pytest.mark.parametrize("value", ["redis://[::1", "redis://host:port", "http://127.0.0.1"])
def test_a_cache_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REDIS_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^REDIS_URL is not an address like redis:"):
        environment.read_cache("REDIS_URL")


@pytest.mark.parametrize("value", ["http://[::1", "imaps://host:port", "mailbox"])
def test_a_mailbox_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOUNCES_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^BOUNCES_URL is not an address like imaps:"):
        environment.read_address("BOUNCES_URL", MAIL, "imaps://user:password@host/INBOX")


@pytest.mark.parametrize("value", ["sqlite://", "sqlite:///", "sqlite://:memory:"])
def test_a_database_that_would_not_last_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL names no file, and enquiries must last"):
        environment.read_database("DATABASE_URL")


@pytest.mark.parametrize("value", ["a@b.example, c@d.example", "a@b", "Clinic <hello>", "hello@clinic.example\nBcc: x"])
def test_a_sender_is_one_whole_address(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)
    with pytest.raises(ImproperlyConfigured, match=r"(?s)^DEFAULT_FROM_EMAIL: .* is not one sender"):
        mail.read_sender("DEFAULT_FROM_EMAIL")


@pytest.mark.parametrize("value", ["hello@clinic.example", "The Clinic <hello@clinic.example>", '"A, B" <a@b.example>'])
def test_a_sender_with_or_without_a_name_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)
    assert mail.read_sender("DEFAULT_FROM_EMAIL") == value


@pytest.mark.parametrize("value", ["nonsense", "*", "192.0.2.1, proxy.example"])
def test_who_is_believed_is_named_by_ip_address(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", value)
    with pytest.raises(ImproperlyConfigured, match=r"^FORWARDED_ALLOW_IPS: “.*” is not an IP address"):
        environment.read_ip_addresses("FORWARDED_ALLOW_IPS", "127.0.0.1")


@pytest.mark.parametrize(
    "value",
    [
        "smtp://user:secret/word@host:25",  # the part before the / is taken for a port
        "smtp://user:25/secretword@host:25",
        "submission://user:secret@host:secret",
        "smtp://user:secret@[::1",
    ],
)
def test_a_wrong_mail_address_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured) as caught:
        mail.read_mail("EMAIL_URL")
    assert str(caught.value).startswith("EMAIL_URL is not an address like submission:")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environ = os.environ | DEPLOYMENT | {"DATA_DIR": str(tmp_path / "file" / "data")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"The site cannot start. DATA_DIR: {tmp_path}/file/data cannot be made")
    assert done.stderr.count("\n") == 1


def test_the_folder_of_everything_is_made_for_one_user_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert environment.make_data_dir().stat().st_mode & 0o777 == 0o700
