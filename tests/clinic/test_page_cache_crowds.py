"""Many visitors at once, and many pages: one drawing for all, and no more memory than was given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.http import HttpResponse

from tests.clinic.page_cache_world import World, answering

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment


def test_many_first_visitors_of_a_page_have_it_drawn_once(tmp_path: Path) -> None:
    visitors = 8
    start = Barrier(visitors)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        Event().wait(0.3)
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    world = World(tmp_path, application)

    def come(_number: int) -> bytes:
        start.wait()
        try:
            return world.get().body
        finally:
            connections.close_all()

    with ThreadPoolExecutor(visitors) as pool:
        assert list(pool.map(come, range(visitors))) == [b"page"] * visitors
    assert world.django.times == 1
    assert world.cache.in_the_making == {}


@pytest.mark.parametrize("fault", [False, True])
def test_a_first_visitor_without_luck_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: bool
) -> None:
    """The one who draws the page meets an error or takes for ever: the next has it drawn again."""
    monkeypatch.setattr("clinic.page_cache.door.SECONDS_TO_WAIT", 0.2)
    first_is_in, first_may_go = Event(), Event()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if slow.django.times == 1:
            first_is_in.set()
            first_may_go.wait(5)
            if fault:
                raise RuntimeError
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    slow = World(tmp_path, application)

    def come() -> bytes:
        try:
            return slow.get().body
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(come)
        first_is_in.wait(5)
        assert pool.submit(come).result(5) == b"page"
        first_may_go.set()
        assert (first.exception(5) is not None) is fault
    assert slow.cache.in_the_making == {}
    assert slow.get().body == b"page"


def test_memory_is_bounded_and_the_page_read_last_stays(tmp_path: Path) -> None:
    big = "".join(chr(33 + (number * 7919 + number // 7) % 90) for number in range(10_000))
    world = World(tmp_path, answering(lambda: HttpResponse(big)), most_bytes=120_000)
    for number in range(20):
        world.get(f"/page-{number}/")
        world.get("/page-0/")
        world.get(f"/search/?q={number}")
    assert world.cache.store.size <= 120_000
    assert not world.draws("/page-0/")
    assert world.draws("/page-1/")


def test_a_page_too_big_for_the_store_is_sent_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path, answering(lambda: HttpResponse("x" * 1000)), most_bytes=100)
    assert world.get().body == world.get().body == b"x" * 1000
