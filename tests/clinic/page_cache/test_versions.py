"""A change is visible a second after it is published, in whichever process."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site

from clinic.models import ContentVersion
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite


def test_a_published_change_is_visible_a_second_later(cached: CachedSite) -> None:
    page = factories.make_standard("About")
    cached.later()
    assert cached.get("/about/").status == 200
    page.title = "About all of us"
    page.save_revision().publish()
    cached.later(0.99)
    assert "About all of us" not in cached.get("/about/").text
    cached.later(0.01)
    assert "About all of us" in cached.get("/about/").text


def test_the_version_is_read_once_a_second_and_never_while_no_one_visits(
    cached: CachedSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cached.get()
    cached.later(3600)
    with django_assert_num_queries(1):
        for _ in range(20):
            cached.get()


@pytest.mark.usefixtures("cached")
def test_a_page_stays_published_when_there_can_be_no_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.make_standard("About")
    monkeypatch.setattr(ContentVersion, "renew", Mock(side_effect=OperationalError("database is locked")))
    with pytest.raises(OperationalError):
        page.unpublish()
    page.refresh_from_db()
    assert page.live


def test_another_address_of_the_home_page_is_visible_in_every_process(cached: CachedSite, monkeypatch: Any) -> None:
    """Wagtail caches the sites' roots in each process, and clears only the cache of the process with the change."""
    factories.make_standard("About", show_in_menus=True)
    assert 'href="/about/"' in cached.get().text
    with monkeypatch.context() as another_process:
        another_process.setattr(Site, "clear_site_root_paths_cache", lambda: None)
        home = factories.home_page()
        home.slug = "start"
        home.save()
    cached.later()
    assert 'href="/about/"' in cached.get().text
