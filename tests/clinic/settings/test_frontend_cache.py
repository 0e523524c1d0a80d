"""A cache in front of the site is notified when a page is published or unpublished."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from clinic.settings.environment import frontend_cache
from tests import factories


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
    thread = Thread(target=server.serve_forever, args=[0.01])
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
