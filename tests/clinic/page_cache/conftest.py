from pathlib import Path

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from tests.clinic.page_cache.cached_site import CachedSite, answering


@pytest.fixture
def cached(
    transactional_db: None, django_db_serialized_rollback: None, tmp_path: Path, settings: Settings
) -> CachedSite:
    """The clinic's site."""
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    return CachedSite(settings.PAGE_COPIES_DIR)


@pytest.fixture
def long_page(tmp_path: Path) -> CachedSite:
    """A site with the same page at every address, long enough to be compressed, and without a database."""
    return CachedSite(tmp_path, answering(lambda _environ: HttpResponse("page" * 250)))
