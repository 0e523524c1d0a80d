"""Many visitors at once, and many pages: one rendering for all, and a limit on memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.http import HttpResponse

from clinic.page_cache.key import CacheKey
from tests.clinic.page_cache.cached_site import CachedSite, answering

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment


def get_in_a_thread(site: CachedSite) -> bytes:
    try:
        return site.get().body
    finally:
        connections.close_all()


def test_a_page_that_many_request_at_once_is_rendered_once(tmp_path: Path) -> None:
    visitors = 8
    start = Barrier(visitors)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        Event().wait(0.3)
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    site = CachedSite(tmp_path, application)

    def come(_number: int) -> bytes:
        start.wait()
        return get_in_a_thread(site)

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

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if slow.renderings == 1:
            first_is_in.set()
            first_may_go.wait(5)
            if fault:
                raise RuntimeError
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    slow = CachedSite(tmp_path, application)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(get_in_a_thread, slow)
        first_is_in.wait(5)
        assert pool.submit(get_in_a_thread, slow).result(5) == b"page"
        first_may_go.set()
        assert (first.exception(5) is not None) is fault
    assert slow.cache.rendering == {}


def test_memory_is_limited_recently_used_pages_stay_and_searches_displace_no_page(tmp_path: Path) -> None:
    site = CachedSite(tmp_path, answering(lambda: HttpResponse("x" * 1000)), most_bytes=4_000)
    for number in range(20):
        site.get(f"/page-{number}/")
        site.get("/page-0/")
    for number in range(20):
        site.get(f"/search/?q={number}")
    assert site.store.size <= 4_000
    assert not site.renders("/page-0/")
    assert not site.renders("/page-19/")
    assert site.renders("/search/?q=1")
    assert site.renders("/page-1/")
    site.store.most_bytes = 100
    assert site.get("/too-big/").body == b"x" * 1000
    assert site.store.get(CacheKey("http", "testserver", "/too-big/", ""), "1") is None
