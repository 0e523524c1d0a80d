"""The page cache in its place: at the site's door, and with a cache of somebody else's before it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.core.handlers.wsgi import WSGIHandler

from clinic.page_cache.door import PageCache, install
from clinic.settings import dev
from clinic.settings.environment import frontend_cache
from tests import factories
from tests.clinic.page_cache_world import visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_site_is_served_through_the_cache(settings: Settings, tmp_path: Path) -> None:
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    site = install(WSGIHandler())
    assert isinstance(site, PageCache)
    assert visit(site).headers["ETag"] == visit(site).headers["ETag"]
    assert len(list((tmp_path / "pages").iterdir())) == 1


def test_the_door_for_servers_has_it() -> None:
    from clinic.wsgi import application  # noqa: PLC0415  the checks run when it is imported

    assert isinstance(application, PageCache)


def test_while_developing_there_is_none_so_that_an_edit_is_seen_at_once(settings: Settings) -> None:
    settings.PAGE_CACHE_BYTES = dev.PAGE_CACHE_BYTES
    django = WSGIHandler()
    assert install(django) is django


@pytest.fixture
def purged() -> Iterator[tuple[str, list[str]]]:
    """A cache that understands PURGE: its address, and what it was told."""
    told: list[str] = []

    class Cache(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            told.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
def test_a_cache_in_front_hears_of_a_published_page_at_once(
    purged: tuple[str, list[str]],
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    address, told = purged
    settings.WAGTAILFRONTENDCACHE = frontend_cache(address)
    page = factories.make_standard("About")
    for change in (page.save_revision().publish, page.unpublish):
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            change()
        assert [one.partition("/")[2] for one in told] == ["about/"]


def test_cloudflare_is_named_by_token_and_zone() -> None:
    (backend,) = frontend_cache("cloudflare://a-token@A1b2").values()
    assert (backend["BEARER_TOKEN"], backend["ZONEID"]) == ("a-token", "A1b2")


def test_without_one_nobody_is_told() -> None:
    assert frontend_cache("") == {}
