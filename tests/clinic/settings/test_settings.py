"""What a deployment sets, what it is told when a value is wrong, and that no setting is without a reader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler
from django.utils.module_loading import import_string

from clinic.settings import base, environment, mail
from clinic.settings.error_reports import report_errors, without_persons
from scripts.check import DEPLOYMENT

if TYPE_CHECKING:
    from types import ModuleType

    from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[3]
FULL = 2  # SQLite's number for synchronous=FULL
LONG_ENOUGH = "k" * environment.SHORTEST_SECRET


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters"),
        ("SITE_URL", "", "SITE_URL is not set"),
        ("SITE_URL", "clinic.example", "SITE_URL: “clinic.example”"),
        ("SITE_URL", "https://clinic.example/en/", "SITE_URL: “https://clinic.example/en/”"),
        ("SITE_URL", "https://clinic.example:99999", "SITE_URL: “https://clinic.example:99999”"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS: “*”"),
        ("ALLOWED_HOSTS", "https://clinic.example", "ALLOWED_HOSTS: “https://clinic.example”"),
        ("ALLOWED_HOSTS", "www.clinic.example", "ALLOWED_HOSTS: “clinic.example”, the host of SITE_URL"),
        ("DATABASE_URL", "mysql://host/clinic", "DATABASE_URL is not an address like sqlite:"),
        ("DATABASE_URL", "clinic.sqlite3", "DATABASE_URL is not an address like sqlite:"),
        ("DATABASE_URL", "postgres://host:port/clinic", "DATABASE_URL is not an address like sqlite:"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL is not an address like redis:"),
        ("FRONTEND_CACHE_URL", "127.0.0.1:6081", "FRONTEND_CACHE_URL is not an address like http:"),
        ("FRONTEND_CACHE_URL", "cloudflare://zone", "FRONTEND_CACHE_URL is not an address like http:"),
        ("EMAIL_URL", "", "EMAIL_URL is not set"),
        ("EMAIL_URL", "mail.clinic.example", "EMAIL_URL begins with none of console, dummy"),
        ("EMAIL_URL", "submission://user:password@", "EMAIL_URL names no mail server"),
        ("EMAIL_URL", "smtp://mail.clinic.example:post", "EMAIL_URL is not an address like submission:"),
        ("DEFAULT_FROM_EMAIL", "", "DEFAULT_FROM_EMAIL is not set"),
        ("DEFAULT_FROM_EMAIL", "The clinic", "DEFAULT_FROM_EMAIL: “The clinic”"),
        ("SERVE_MEDIA", "perhaps", "SERVE_MEDIA: “perhaps”"),
    ],
)
def test_a_missing_or_malformed_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    for variable, right in DEPLOYMENT.items():
        monkeypatch.setenv(variable, right)
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as caught:
        loaded("clinic.settings.base")
    assert str(caught.value).startswith(complaint)


def test_the_command_line_says_it_in_one_line() -> None:
    environ = os.environ | DEPLOYMENT | {"SECRET_KEY": "short"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environ, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"The site cannot start. SECRET_KEY has 5 characters")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("scheme", "safe"), [("https", True), ("http", False)])
def test_secure_cookies_redirect_and_hsts_follow_from_the_scheme(
    monkeypatch: pytest.MonkeyPatch, scheme: str, safe: bool
) -> None:
    for variable, right in DEPLOYMENT.items():
        monkeypatch.setenv(variable, right)
    monkeypatch.setenv("SITE_URL", f"{scheme}://clinic.example/")
    settings = loaded("clinic.settings.base")
    assert f"{scheme}://clinic.example" == settings.SITE_URL
    values = (settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
    assert values == (safe, safe, safe)
    assert bool(settings.SECURE_HSTS_SECONDS) is safe


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("file:", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
        (
            "submission://desk%40clinic.example:p%40ss%2Fword@mail.clinic.example:587",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": "mail.clinic.example",
                "EMAIL_PORT": 587,
                "EMAIL_HOST_USER": "desk@clinic.example",
                "EMAIL_HOST_PASSWORD": "p@ss/word",
                "EMAIL_USE_TLS": True,
                "EMAIL_USE_SSL": False,
            },
        ),
        ("smtp://mail.clinic.example:465?ssl=true", {"EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
    ],
)
def test_a_mail_address_becomes_djangos_settings(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, Any]
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    read = mail.read_mail("EMAIL_URL")
    assert expected.items() <= read.items()
    import_string(read["EMAIL_BACKEND"])


def test_a_secret_keeps_its_dollar_and_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"CLINIC_TEST_SECRET=${{HOME}}{LONG_ENOUGH}\nSITE_URL=https://file.example\n")
    monkeypatch.setenv("CLINIC_TEST_SECRET", "")
    monkeypatch.delenv("CLINIC_TEST_SECRET")
    monkeypatch.setenv("SITE_URL", "https://environment.example")
    environment.read_env_file(file)
    assert os.environ["CLINIC_TEST_SECRET"] == f"${{HOME}}{LONG_ENOUGH}"
    assert environment.read_site_url("SITE_URL") == "https://environment.example"


def test_an_unreadable_file_of_values_is_named(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("SECRET_KEY\n")
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY stands in word without a value"):
        environment.read_env_file(tmp_path / "word")
    with pytest.raises(ImproperlyConfigured, match="picture cannot be read"):
        environment.read_env_file(tmp_path / "picture")
    environment.read_env_file(tmp_path / "missing")


def test_servers_need_the_packages_of_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda _package: None)
    monkeypatch.setenv("DATABASE_URL", "postgres://user@host/clinic")
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL needs the packages of requirements/production.txt"):
        environment.read_database("DATABASE_URL")


def test_postgresql_redis_and_a_bucket_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda _package: True)
    monkeypatch.setenv("DATABASE_URL", "postgres://user:p%40ss@host:5433/clinic?sslmode=require")
    database = environment.read_database("DATABASE_URL")
    assert (database["ENGINE"], database["PASSWORD"], database["PORT"]) == (
        "django.db.backends.postgresql",
        "p@ss",
        5433,
    )
    assert database["OPTIONS"]["sslmode"] == "require"
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379")
    assert environment.read_cache("REDIS_URL")["LOCATION"] == "redis://127.0.0.1:6379"
    monkeypatch.setenv("MEDIA_BUCKET", "pictures")
    store = environment.read_storage("MEDIA_BUCKET", "https://clinic.example")
    # A visitor's browser asks the clinic's own address, never the store's.
    assert store["OPTIONS"]["custom_domain"] == "clinic.example/media"


def test_sqlite_waits_locks_early_and_writes_durably(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    (tmp_path / "clinic.sqlite3").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/clinic.sqlite3")
    real = ConnectionHandler({"default": environment.read_database("DATABASE_URL")})["default"]
    names = ("journal_mode", "synchronous", "busy_timeout", "journal_size_limit")
    with django_db_blocker.unblock(), closing(real), real.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["wal", FULL, 20_000, 64 * 1024 * 1024]
    assert real.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert real.settings_dict["CONN_MAX_AGE"] is None
    assert real.settings_dict["ATOMIC_REQUESTS"] is False


def test_every_setting_we_set_is_read_by_something() -> None:
    ours = {name for name in dir(base) if name.isupper()}
    folders = [ROOT / room for room in ("clinic", "contact", "services")]
    folders += [Path(import_module(name).__file__ or "").parent for name in ("django", "wagtail", "taggit", "axes")]
    words: set[str] = set()
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        # Not where settings are only set: our own, Django's defaults, and tests.
        if not {"settings", "global_settings.py", "test", "tests"} & set(file.parts):
            words |= ours & set(re.findall(r"[A-Z][A-Z0-9_]+", file.read_text(encoding="utf-8")))
    assert ours - words == set()


def test_an_error_report_tells_of_no_person() -> None:
    report: dict[str, Any] = {
        "level": "error",
        "request": {"url": "https://clinic.example/search/?q=pain", "data": {"name": "Robin"}},
        "user": {"ip_address": "192.0.2.1"},
        "breadcrumbs": {"values": ["INSERT … Robin"]},
        "exception": {"values": [{"type": "ValueError", "value": "Robin", "stacktrace": {"frames": []}}]},
    }
    told = without_persons(report, {})
    assert "Robin" not in str(told)
    assert "pain" not in str(told)
    assert told["exception"]["values"][0]["type"] == "ValueError"
    report_errors("")  # without an address nothing is started


def test_an_address_for_error_reports_that_is_none_is_named() -> None:
    pytest.importorskip("sentry_sdk", reason="sentry-sdk is an extra of deployments")
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN is not an address"):
        report_errors("sentry.example")


def loaded(name: str) -> ModuleType:
    """Run a settings module anew, beside the one that the tests use."""
    spec = util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
