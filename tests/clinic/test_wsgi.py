"""The entry point for application servers."""

import runpy
from pathlib import Path

import pytest
from django.core import checks
from django.core.checks import Error
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests.clinic.page_cache.cached_site import visit


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_site_whose_checks_pass_starts_and_caches_its_pages(settings: Settings, tmp_path: Path) -> None:
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    site = runpy.run_module("clinic.wsgi")["application"]
    assert visit(site).headers["ETag"] == visit(site).headers["ETag"]
    assert len(list((tmp_path / "pages").iterdir())) == 1


def test_a_site_whose_checks_fail_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [Error("The enquiry form has lost: phone.", id="contact.E001"), CheckWarning("A trifle.", id="x.W001")]
    monkeypatch.setattr(checks, "run_checks", lambda: failed)
    with pytest.raises(ImproperlyConfigured, match="has lost: phone") as error:
        runpy.run_module("clinic.wsgi")
    assert "trifle" not in str(error.value)
