"""The page cache in front of the site, and another cache in front of that."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.core.handlers.wsgi import WSGIHandler

from clinic.page_cache.middleware import PageCache, with_page_cache
from clinic.settings import dev
from clinic.settings.environment import frontend_cache
from tests import factories
from tests.clinic.page_cache.cached_site import visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_site_is_served_through_the_cache(settings: Settings, tmp_path: Path) -> None:
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    site = with_page_cache(WSGIHandler())
    assert isinstance(site, PageCache)
    assert visit(site).headers["ETag"] == visit(site).headers["ETag"]
    assert len(list((tmp_path / "pages").iterdir())) == 1


def test_in_development_there_is_none_so_that_changes_show_at_once(settings: Settings) -> None:
    settings.PAGE_CACHE_BYTES = dev.PAGE_CACHE_BYTES
    django = WSGIHandler()
    assert with_page_cache(django) is django


@pytest.fixture
def purged() -> Iterator[tuple[str, list[str]]]:
    """A cache that understands PURGE: its address, and the URLs that it purged."""
    urls: list[str] = []

    class Cache(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            urls.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", urls
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
def test_a_published_page_is_purged_from_the_cache_in_front(
    purged: tuple[str, list[str]],
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    address, urls = purged
    settings.WAGTAILFRONTENDCACHE = frontend_cache(address)
    page = factories.make_standard("About")
    for change in (page.save_revision().publish, page.unpublish):
        urls.clear()
        with django_capture_on_commit_callbacks(execute=True):
            change()
        assert [one.partition("/")[2] for one in urls] == ["about/"]


def test_cloudflare_is_named_by_token_and_zone() -> None:
    (backend,) = frontend_cache("cloudflare://a-token@A1b2").values()
    assert (backend["BEARER_TOKEN"], backend["ZONEID"]) == ("a-token", "A1b2")


def test_without_such_a_cache_nothing_is_purged() -> None:
    assert frontend_cache("") == {}
