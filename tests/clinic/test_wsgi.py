"""The entry point for application servers."""

from __future__ import annotations

import runpy

import pytest
from django.core import checks
from django.core.checks import Error
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler

from clinic.page_cache.middleware import PageCache

pytestmark = pytest.mark.django_db


def test_a_site_whose_checks_pass_starts() -> None:
    application = runpy.run_module("clinic.wsgi")["application"]
    assert isinstance(application, PageCache)
    assert isinstance(application.application, WSGIHandler)


def test_a_site_whose_checks_fail_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [Error("The enquiry form has lost: phone.", id="contact.E001"), CheckWarning("A trifle.", id="x.W001")]
    monkeypatch.setattr(checks, "run_checks", lambda: failed)
    with pytest.raises(ImproperlyConfigured, match="has lost: phone") as error:
        runpy.run_module("clinic.wsgi")
    assert "trifle" not in str(error.value)
