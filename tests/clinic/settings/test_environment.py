import gc
import logging
import os
import re
import runpy
import secrets
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.db.utils import ConnectionHandler
from django.utils.module_loading import import_string
from pytest_django import DjangoDbBlocker

from clinic.settings import environment

ROOT = Path(__file__).resolve().parents[3]
# None of it is real.
DEPLOYMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "SITE_URL": "https://clinic.example",
    "ALLOWED_HOSTS": "clinic.example",
    "EMAIL_URL": "submission://user:password@mail.clinic.example:587",
    "DEFAULT_FROM_EMAIL": "Clinic <hello@clinic.example>",
}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
FULL = 2  # SQLite's number for synchronous=FULL


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in DEPLOYMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def loaded(name: str) -> SimpleNamespace:
    """Run a settings module again, without replacing the one that the tests use."""
    return SimpleNamespace(**runpy.run_path(str(ROOT / f"clinic/settings/{name}.py")))


def run(*module: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command, environ = [sys.executable, "-m", *module], os.environ | DEPLOYMENT | environ
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def check(**environ: str) -> subprocess.CompletedProcess[str]:
    """Run Django's checks of a deployment."""
    return run("manage", "check", "--deploy", "--fail-level=WARNING", **environ)


def test_a_deployment_passes_the_checks_of_django() -> None:
    done = check()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        *((name, "", f"{name} is not set") for name in DEPLOYMENT if name != "DJANGO_SETTINGS_MODULE"),
        ("SECRET_KEY", "short", "SECRET_KEY: 5 characters are fewer than 50"),
        ("SITE_URL", "clinic.example", "SITE_URL: “clinic.example”"),
        ("SITE_URL", "https://clinic.example:99999", "SITE_URL: “https://clinic.example:99999”"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS: “*”"),
        ("ALLOWED_HOSTS", "https://clinic.example", "ALLOWED_HOSTS: “https://clinic.example”"),
        ("ALLOWED_HOSTS", "www.clinic.example", "ALLOWED_HOSTS: “clinic.example”, the host of SITE_URL"),
        ("DATABASE_URL", "mysql://host/clinic", "DATABASE_URL: not a URL like sqlite:"),
        ("DATABASE_URL", "postgres://host:port/clinic", "DATABASE_URL: not a URL like sqlite:"),
        ("BOUNCES_URL", "imaps://host:port", "BOUNCES_URL: not a URL like imaps:"),
        ("FORWARDED_ALLOW_IPS", "192.0.2.1, proxy.example", "FORWARDED_ALLOW_IPS: 'proxy.example' does not appear"),
        ("EMAIL_URL", "submission://user:password@", "EMAIL_URL: not a URL like submission:"),
        ("DEFAULT_FROM_EMAIL", "The clinic", "DEFAULT_FROM_EMAIL: “The clinic” is not one sender"),
        ("DEFAULT_FROM_EMAIL", "a@b.example, c@d.example", "DEFAULT_FROM_EMAIL: “a@b.example, c@d.example” is not one"),
        ("DESK_LOCKS_AFTER", "0", "DESK_LOCKS_AFTER: “0” is not"),
        ("SERVE_MEDIA", "perhaps", "SERVE_MEDIA: “perhaps”"),
    ],
)
def test_a_missing_or_wrong_value_is_named(deployment: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    deployment.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as caught:
        loaded("base")
    assert str(caught.value).startswith(message)


def published_keys() -> list[str]:
    """Return whatever looks like a secret key in the files of this repository, also repeated and filled up."""
    command = ["git", "grep", "-hoE", 'SECRET_KEY.{1,6}["=].{4,}', "--", ".", ":!docs/img"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = set(re.findall(r"[\w!@#$%^&*()+-]{8,}", lines))
    return sorted(key for name in found for key in (name, name * 20, name + "x" * 60))


def test_production_refuses_a_published_or_weak_secret_key_and_no_random_one(deployment: pytest.MonkeyPatch) -> None:
    deployment.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY: this one is published"):
        loaded("production")
    weak = (
        "django-insecure-3n!^x&8p)k2w7v$q5z@m1c9d#h6j*f4g(b0r_t+y-lsauieo",
        "cg#p$g+j9tax!#a3cup@1$8obt2_+&k3q+pmu)5%asj6yjpkag",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "django-insecure-" + get_random_secret_key(),  # `startproject`
        "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "my-very-own-secret-of-this-site-that-is-long-enough-for-django",
        "the quick brown fox jumps over the lazy dog, and then it rests",
        "this-is-not-a-very-good-key-but-it-has-64-characters-so-it-is-ok",
    )
    for key in (*published_keys(), *weak):
        with pytest.raises(ValueError, match="published or easy to guess"):
            environment.own_secret(key)
    for key in (secrets.token_urlsafe(64), secrets.token_hex(32), get_random_secret_key()):
        assert environment.own_secret(key) == key


def test_the_message_about_a_wrong_mail_url_has_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    # In the first the part before the / is taken for a port.
    for wrong in ("smtp://user:secret/word@host:25", "submission://user:secret@host:secret", "smtp://user:secret@[::1"):
        monkeypatch.setenv("EMAIL_URL", wrong)
        with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL: not a URL") as caught:
            environment.read("EMAIL_URL", environment.mail)
        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__


def test_a_sender_may_have_a_name_and_is_one_line() -> None:
    for value in ("hello@clinic.example", "The Clinic <hello@clinic.example>", '"A, B" <a@b.example>'):
        assert environment.sender(value) == value
    for value in ("a@b", "Clinic <hello>", "hello@clinic.example\nBcc: x"):
        with pytest.raises(ValueError, match="is not one sender"):
            environment.sender(value)


def test_a_data_folder_that_cannot_be_made_is_told_on_one_line_and_one_that_was_made_is_the_sites_own_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done = check(DATA_DIR=f"{tmp_path}/file/data")
    assert done.returncode == 1
    assert done.stderr.startswith(f"The site cannot start. DATA_DIR: {tmp_path}/file/data cannot be created")
    assert done.stderr.count("\n") == 1
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert environment.make_data_dir().stat().st_mode & 0o777 == 0o700


def test_cookies_redirect_hsts_and_pictures_follow_the_site_url(deployment: pytest.MonkeyPatch) -> None:
    for scheme, safe in (("https", True), ("http", False)):
        deployment.setenv("SITE_URL", f"{scheme}://clinic.example/")
        settings = loaded("base")
        assert f"{scheme}://clinic.example" == settings.SITE_URL
        values = (settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
        assert {*values, bool(settings.SECURE_HSTS_SECONDS)} == {safe}
        pictures = environment.storage("pictures", settings.SITE_URL)
        assert pictures["OPTIONS"]["custom_domain"] == "clinic.example/media"


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (environment.mail, "console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            environment.mail,
            "submission://desk%40clinic.example:p%40ss%2Fword@mail.clinic.example:587",
            {"EMAIL_HOST_USER": "desk@clinic.example", "EMAIL_HOST_PASSWORD": "p@ss/word", "EMAIL_USE_TLS": True},
        ),
        (
            environment.mail,
            "smtp://host:465?ssl=true",
            {"EMAIL_BACKEND": SMTP, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False},
        ),
        (environment.mail_connection, "smtp://user:pass@host:25", {"host": "host", "port": 25, "username": "user"}),
        (
            environment.database,
            "postgres://user:p%40ss@host:5433/clinic?sslmode=require",
            {
                "ENGINE": "django.db.backends.postgresql",
                "PASSWORD": "p@ss",
                "PORT": 5433,
                "OPTIONS": {"connect_timeout": 5, "sslmode": "require"},
                "CONN_HEALTH_CHECKS": True,  # a connection that a restart of the database has ended is replaced
            },
        ),
    ],
)
def test_a_url_becomes_settings(parse: Callable[[str], dict[str, Any]], text: str, expected: dict[str, Any]) -> None:
    found = parse(text)
    assert expected.items() <= found.items()
    import_string(found.get("EMAIL_BACKEND", "django.core.mail.get_connection"))


def test_a_secret_keeps_its_dollar_the_environment_comes_first_and_an_unreadable_env_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("CLINIC_TEST_SECRET=${HOME}secret\nSITE_URL=https://file.example\n")
    monkeypatch.setenv("CLINIC_TEST_SECRET", "")  # so that it is as before afterwards
    monkeypatch.delenv("CLINIC_TEST_SECRET")
    monkeypatch.setenv("SITE_URL", "https://environment.example")
    for path in (file, tmp_path / "missing"):
        environment.read_env_file(path)
    assert os.environ["CLINIC_TEST_SECRET"] == "${HOME}secret"
    assert environment.read("SITE_URL", environment.site_url) == "https://environment.example"
    file.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(ImproperlyConfigured, match=r"\.env cannot be read"):
        environment.read_env_file(file)


def test_sqlite_waits_locks_early_and_writes_durably(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    (tmp_path / "clinic.sqlite3").touch()
    real = ConnectionHandler({"default": environment.database(f"sqlite:///{tmp_path}/clinic.sqlite3")})["default"]
    names = ("journal_mode", "synchronous", "busy_timeout", "journal_size_limit")
    with django_db_blocker.unblock(), closing(real), real.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["wal", FULL, 20_000, 64 * 1024 * 1024]
    assert real.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (real.settings_dict["CONN_MAX_AGE"], real.settings_dict["ATOMIC_REQUESTS"]) == (None, False)


def test_a_wrong_value_ends_the_start_with_one_line() -> None:
    done = run("gunicorn", SITE_URL="clinic.example", PORT="0")
    assert done.returncode == 1
    assert "The site cannot start. SITE_URL: “clinic.example”" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Invalid request from ip=192.0.2.1: Invalid HTTP request line: 'GET /search/?q=é'", ()),
        ("Error handling request %s %s", ("GET", "/search/?q=knee 192.0.2.1")),
    ],
)
def test_the_address_and_words_of_a_request_that_cannot_be_read_are_not_logged(
    monkeypatch: pytest.MonkeyPatch, message: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(gc, "set_threshold", lambda *_numbers: None)
    conf = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, arguments, None)
    assert logging.getLogger("gunicorn.error").filter(record)
    assert "request" in record.getMessage()
    assert not re.search(r"192|knee|é", record.getMessage())
    logging.getLogger("gunicorn.error").removeFilter(conf["redact"])
    # The filter knows gunicorn's own words; if gunicorn changes them, this fails.
    source = find_spec("gunicorn.workers.base")
    assert source is not None
    assert re.split(r"192|%", message)[0] in Path(source.origin or "").read_text()
