"""Visitors are answered with a finished page: the right one, of the right age, and never somebody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from clinic.page_cache.copy import CACHE_CONTROL, CACHE_CONTROL_OF_QUERIES
from clinic.page_cache.lifetime import ENDS
from tests import factories
from tests.clinic.page_cache_world import World, answering, queries_during, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment


@pytest.fixture
def world(transactional_db: None, django_db_serialized_rollback: None, tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_second_visitor_is_answered_without_django_and_without_a_query(world: World) -> None:
    first, second = world.get(), world.get()
    assert world.django.times == 1
    assert second == first
    assert "<h1>" in second.text
    assert queries_during(world.get) == 0


def test_a_copy_has_every_header_that_django_gave(world: World) -> None:
    drawn, copy = visit(WSGIHandler()), world.get()
    assert drawn.headers.items() - copy.headers.items() == {("Content-Length", drawn.headers["Content-Length"])} - {
        ("Content-Length", copy.headers["Content-Length"])
    }
    assert "style-src 'self' 'sha256-" in copy.headers["Content-Security-Policy"]
    assert copy.headers["Cache-Control"] == CACHE_CONTROL
    assert "Set-Cookie" not in copy.headers


@pytest.mark.parametrize("path", ["/search/?q=knee", "/enquiry/?about=3"])
def test_what_somebody_looks_for_or_asks_about_is_kept_by_nobody_on_the_way(world: World, path: str) -> None:
    world.get(path)
    assert world.get(path).headers["Cache-Control"] == CACHE_CONTROL_OF_QUERIES == "private, max-age=0"
    assert world.django.times == 1
    assert world.get("/search/").headers["Cache-Control"] == CACHE_CONTROL


@pytest.mark.parametrize(("accepted", "encoding"), [("", None), ("gzip", "gzip"), ("gzip, br", "br")])
def test_the_same_words_go_in_each_encoding_with_an_etag_of_its_own(
    world: World, accepted: str, encoding: str | None
) -> None:
    plain = world.get()
    reply = world.get(HTTP_ACCEPT_ENCODING=accepted)
    assert reply.headers.get("Content-Encoding") == encoding
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert reply.text == plain.text
    assert (reply.headers["ETag"] == plain.headers["ETag"]) is (encoding is None)
    assert not reply.headers["ETag"].startswith("W/")


def test_the_first_visitors_encoding_is_not_forced_on_the_second(world: World) -> None:
    world.get(HTTP_ACCEPT_ENCODING="br")
    assert world.get().headers.get("Content-Encoding") is None


@pytest.mark.parametrize("known", ["{}", 'W/{}, "other"', '"other", {}', "*"])
def test_whoever_has_the_page_already_is_told_so(world: World, known: str) -> None:
    etag = world.get(HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    reply = world.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=known.format(etag))
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers == {"ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}


def test_another_encodings_etag_is_another_page(world: World) -> None:
    etag = world.get(HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    assert world.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag).status == 200


def test_the_etag_stays_when_the_words_stay(world: World) -> None:
    """After a change elsewhere on the site a browser need not fetch this page again."""
    etag = world.get("/robots.txt").headers["ETag"]
    factories.make_standard()
    world.later()
    assert world.draws("/robots.txt")
    assert world.get("/robots.txt").headers["ETag"] == etag


@pytest.mark.parametrize("warm", [True, False])
def test_head_has_the_headers_alone(world: World, warm: bool) -> None:
    if warm:
        world.get()
    head = world.get(method="HEAD")
    page = world.get()
    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert len(page.body) > 1000


def test_a_post_goes_past_the_cache(world: World) -> None:
    world.get("/enquiry/")
    reply = world.get("/enquiry/", "POST")
    assert reply.status == 422
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_signed_in_never_see_a_copy_nor_make_one(world: World) -> None:
    world.get()
    mine = {"HTTP_COOKIE": "sessionid=anything"}
    assert world.draws(**mine)
    assert world.get(**mine).headers["Cache-Control"] == "private"
    assert "ETag" not in world.get("/robots.txt", **mine).headers
    assert world.draws("/robots.txt")


def test_what_only_one_visitor_sends_is_in_no_copy(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(dict(environ))
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    World(tmp_path, application).get(
        "/?utm_source=evil",
        method="HEAD",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_COOKIE="a=1",
        HTTP_REFERER="x",
        HTTP_ACCEPT_ENCODING="br",
    )
    (asked,) = seen
    assert (asked["REQUEST_METHOD"], asked["QUERY_STRING"]) == ("GET", "")
    assert [name for name in asked if name.startswith("HTTP_")] == ["HTTP_HOST"]


@pytest.mark.parametrize("host", ["evil.example", "testserver:1234", "TESTSERVER"])
def test_a_made_up_host_leaves_nothing_behind(world: World, host: str) -> None:
    reply = world.get(HTTP_HOST=host)
    assert (reply.status == 400) is (host == "evil.example")
    assert world.cache.store.size == 0
    assert "evil" not in world.get().text


def with_cookie() -> HttpResponse:
    response = HttpResponse("for one person")
    response.set_cookie("a", "b")
    return response


NOT_KEPT: dict[str, Callable[[], Any]] = {
    "sets a cookie": with_cookie,
    "is private": lambda: HttpResponse("x", headers={"Cache-Control": "Private, max-age=60"}),
    "says no-store": lambda: HttpResponse("x", headers={"Cache-Control": "max-age=0, no-store"}),
    "says no-cache": lambda: HttpResponse("x", headers={"Cache-Control": "no-cache"}),
    "depends on the cookie": lambda: HttpResponse("x", headers={"Vary": "Accept-Encoding, Cookie"}),
    "is packed already": lambda: HttpResponse(b"x", headers={"Content-Encoding": "gzip"}),
    "is a picture": lambda: HttpResponse(b"x", content_type="image/jpeg"),
    "is a stream": lambda: StreamingHttpResponse([b"x"]),
    "is a file": lambda: FileResponse(iter([b"x"])),
    "is not found": lambda: HttpResponse("x", status=404),
    "is elsewhere": lambda: HttpResponse(status=301, headers={"Location": "/"}),
    "is broken": lambda: HttpResponse("x", status=500),
}


@pytest.mark.parametrize("make", NOT_KEPT.values(), ids=NOT_KEPT.keys())
def test_what_is_not_a_page_for_everybody_is_never_kept(tmp_path: Path, make: Callable[[], Any]) -> None:
    world = World(tmp_path, answering(make))
    assert world.get() == world.get() == visit(answering(make))
    assert world.django.times == 2
    assert world.cache.store.size == 0
    assert list(tmp_path.iterdir()) == []


def test_a_pages_own_word_about_caches_stands(tmp_path: Path) -> None:
    world = World(tmp_path, answering(lambda: HttpResponse("x", headers={"Cache-Control": "public, max-age=9"})))
    assert world.get().headers["Cache-Control"] == "public, max-age=9"
    assert not world.draws()


def test_an_old_address_with_parameters_is_still_redirected(tmp_path: Path) -> None:
    """Dropped parameters are for pages; where there is none, a redirect may look at them."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        old = environ["QUERY_STRING"] == "page_id=7"
        return answering(lambda: HttpResponse(status=301 if old else 404))(environ, start_response)

    assert World(tmp_path, application).get("/old/?page_id=7").status == 301


def test_a_copy_ends_when_what_it_shows_turns_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closing = timezone.now() + timedelta(minutes=5)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.setdefault(ENDS, []).append(closing)
        return answering(lambda: HttpResponse("open"))(environ, start_response)

    world = World(tmp_path, application)
    world.get()
    assert not world.draws()
    monkeypatch.setattr("clinic.page_cache.door.time", lambda: closing.timestamp() + 0.001)
    assert world.draws()


def test_made_up_searches_push_out_no_page(world: World) -> None:
    world.get()
    world.cache.store._searches._most_bytes = 300_000
    for number in range(12):
        world.get(f"/search/?q=word{number}")
    assert not world.draws()
