"""Every setting has a reader, and error reports contain no personal data."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.settings import base
from clinic.settings.error_reports import report_errors, without_persons

ROOT = Path(__file__).resolve().parents[3]


def test_every_setting_we_set_is_read_by_something() -> None:
    ours = {name for name in dir(base) if name.isupper()}
    folders = [ROOT / app for app in ("clinic", "contact", "services")]
    folders += [
        Path(import_module(name).__file__ or "").parent
        for name in ("django", "wagtail", "taggit", "axes", "whitenoise")
    ]
    words: set[str] = set()
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        # Not where settings are only set: our own, Django's defaults, and tests.
        if not {"settings", "global_settings.py", "test", "tests"} & set(file.parts):
            words |= ours & set(re.findall(r"[A-Z][A-Z0-9_]+", file.read_text(encoding="utf-8")))
    assert ours - words == set()


def test_an_error_report_contains_no_personal_data() -> None:
    report: dict[str, Any] = {
        "level": "error",
        "request": {"url": "https://clinic.example/search/?q=pain", "data": {"name": "Robin"}},
        "user": {"ip_address": "192.0.2.1"},
        "breadcrumbs": {"values": ["INSERT … Robin"]},
        "exception": {"values": [{"type": "ValueError", "value": "Robin", "stacktrace": {"frames": []}}]},
    }
    sent = without_persons(report, {})
    assert "Robin" not in str(sent)
    assert "pain" not in str(sent)
    assert sent["exception"]["values"][0]["type"] == "ValueError"
    report_errors("")  # without an address nothing is started


def test_a_malformed_address_for_error_reports_is_named() -> None:
    pytest.importorskip("sentry_sdk", reason="sentry-sdk is an extra of deployments")
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN is not a URL"):
        report_errors("sentry.example")
