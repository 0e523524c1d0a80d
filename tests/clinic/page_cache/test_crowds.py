"""Many visitors at once, and many pages: one rendering for all, and a limit on memory."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from wsgiref.types import WSGIEnvironment

import pytest
from django.http import HttpResponse

from clinic.page_cache.store import CacheKey
from tests.clinic.page_cache.cached_site import CachedSite, answering


def test_a_page_that_many_request_at_once_is_rendered_once(tmp_path: Path) -> None:
    visitors = 8
    start = Barrier(visitors)

    def respond(_environ: WSGIEnvironment) -> HttpResponse:
        Event().wait(0.3)
        return HttpResponse("page")

    def come(_number: int) -> bytes:
        start.wait()
        return site.get().body

    site = CachedSite(tmp_path, answering(respond))
    with ThreadPoolExecutor(visitors) as pool:
        assert list(pool.map(come, range(visitors))) == [b"page"] * visitors
    assert site.renderings == 1
    assert site.cache.rendering == {}


@pytest.mark.parametrize("fault", [False, True])
def test_a_rendering_that_fails_or_takes_too_long_holds_up_no_one_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: bool
) -> None:
    monkeypatch.setattr("clinic.page_cache.middleware.SECONDS_TO_WAIT", 0.2)
    first_is_in, first_may_go = Event(), Event()

    def respond(_environ: WSGIEnvironment) -> HttpResponse:
        if slow.renderings == 1:
            first_is_in.set()
            first_may_go.wait()
            if fault:
                raise RuntimeError
        return HttpResponse("page")

    slow = CachedSite(tmp_path, answering(respond))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow.get)
        first_is_in.wait()
        assert pool.submit(slow.get).result().body == b"page"
        first_may_go.set()
        assert (first.exception() is not None) is fault
    assert slow.cache.rendering == {}


def test_memory_is_limited_recently_used_pages_stay_and_searches_displace_no_page(long_page: CachedSite) -> None:
    store = long_page.store
    store.most_bytes = 4_000
    for number in range(20):
        long_page.get(f"/page-{number}/")
        long_page.get("/page-0/")
    for number in range(20):
        long_page.get(f"/search/?q={number}")
    assert store.size <= 4_000
    rendered = {path: long_page.renders(path) for path in ("/page-0/", "/page-19/", "/search/?q=1", "/page-1/")}
    assert rendered == {"/page-0/": False, "/page-19/": False, "/search/?q=1": True, "/page-1/": True}
    store.most_bytes = 100
    assert long_page.get("/too-big/").status == 200
    assert store.get(CacheKey("http", "testserver", "/too-big/", ""), "1") is None
