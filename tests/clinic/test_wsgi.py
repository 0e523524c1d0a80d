import runpy
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pytest_django import Settings

from tests.clinic.page_cache.cached_site import visit


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_site_passes_every_check_starts_and_caches_its_pages(settings: Settings, tmp_path: Path) -> None:
    assert [message for message in checks.run_checks() if message.level >= checks.WARNING] == []
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    site = runpy.run_module("clinic.wsgi")["application"]
    assert visit(site).headers["ETag"] == visit(site).headers["ETag"]
    assert len(list((tmp_path / "pages").iterdir())) == 1


def test_a_site_whose_checks_fail_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [checks.Error("The enquiry form has lost: phone."), checks.Warning("A trifle.")]
    monkeypatch.setattr(checks, "run_checks", lambda: failed)
    with pytest.raises(ImproperlyConfigured, match="has lost: phone") as error:
        runpy.run_module("clinic.wsgi")
    assert "trifle" not in str(error.value)


def test_the_yukon_has_no_winter_time_whatever_table_the_machine_has() -> None:
    assert zoneinfo.TZPATH == ()
    assert timezone.localtime(datetime(2026, 1, 15, tzinfo=UTC)).utcoffset() == timedelta(hours=-7)
