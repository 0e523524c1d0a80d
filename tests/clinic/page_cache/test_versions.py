"""A change is visible a second after it is published, in whichever process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection, transaction
from wagtail.models import Site

from clinic.models import ContentVersion
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite, queries_during

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def site(tmp_path: Path) -> CachedSite:
    return CachedSite(tmp_path)


def test_a_published_change_is_visible_a_second_later(site: CachedSite) -> None:
    page = factories.make_standard("About")
    site.later()
    assert site.get("/about/").status == 200
    page.title = "About all of us"
    page.save_revision().publish()
    site.later(0.99)
    assert "About all of us" not in site.get("/about/").text
    site.later(0.01)
    assert "About all of us" in site.get("/about/").text


def test_the_version_is_read_once_a_second_and_never_while_no_one_visits(site: CachedSite) -> None:
    site.get()
    assert queries_during(lambda: [site.get() for _ in range(20)]) == 0
    site.later(3600)
    assert queries_during(lambda: [site.get() for _ in range(20)]) == 1


def test_a_new_version_is_visible_to_others_once_it_is_committed(site: CachedSite) -> None:
    before = ContentVersion.current()
    with ThreadPoolExecutor(1) as another, transaction.atomic():
        with suppress(RuntimeError), transaction.atomic():
            factories.make_standard("Rolled back")
            raise RuntimeError
        assert ContentVersion.current() == before
        factories.make_standard("About")
        assert another.submit(asked_by_another).result() == before
    assert ContentVersion.current() != before


def asked_by_another() -> str:
    try:
        return ContentVersion.current()
    finally:
        connection.close()


@pytest.mark.usefixtures("site")
def test_a_page_stays_published_when_there_can_be_no_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is busy for too long: the editor sees the error and tries again. Otherwise the page would be
    unpublished in the admin, and still shown to visitors until midnight.
    """
    page = factories.make_standard("About")

    def busy() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(ContentVersion, "renew", busy)
    with pytest.raises(OperationalError):
        page.unpublish()
    page.refresh_from_db()
    assert page.live


def test_another_address_of_the_home_page_is_visible_in_every_process(site: CachedSite, monkeypatch: Any) -> None:
    """Wagtail caches the sites' roots in each process, and clears only the cache of the process with the change."""
    factories.make_standard("About", show_in_menus=True)
    assert 'href="/about/"' in site.get().text
    with monkeypatch.context() as another_process:
        another_process.setattr(Site, "clear_site_root_paths_cache", lambda: None)
        home = factories.home_page()
        home.slug = "start"
        home.save()
    site.later()
    assert 'href="/about/"' in site.get().text
