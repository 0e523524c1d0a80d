"""Visitors get a cached page that is right, recent and no one else's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from clinic.page_cache.cached_response import CACHE_CONTROL, CACHE_CONTROL_OF_QUERIES
from clinic.page_cache.expiry import EXPIRES_AT
from clinic.page_cache.middleware import PageCache, with_page_cache
from clinic.settings import dev
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite, answering, queries_during, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from pytest_django import Settings


@pytest.fixture
def site(transactional_db: None, django_db_serialized_rollback: None, tmp_path: Path) -> CachedSite:
    return CachedSite(tmp_path)


def test_the_second_visitor_gets_the_page_without_django_and_without_a_query(site: CachedSite) -> None:
    first, second = site.get(), site.get()
    assert site.renderings == 1
    assert second == first
    assert "<h1>" in second.text
    assert queries_during(site.get) == 0


def test_a_cached_page_has_every_header_of_django(site: CachedSite) -> None:
    rendered, cached = visit(WSGIHandler()), site.get()
    assert {*rendered.headers} - {"Content-Length"} <= {*cached.headers}
    assert "style-src 'self' 'sha256-" in cached.headers["Content-Security-Policy"]
    assert cached.headers["Cache-Control"] == CACHE_CONTROL
    assert "Set-Cookie" not in cached.headers


@pytest.mark.parametrize("path", ["/search/?q=knee", "/enquiry/?about=3"])
def test_searches_and_enquiries_are_not_stored_by_caches_on_the_way(site: CachedSite, path: str) -> None:
    site.get(path)
    assert site.get(path).headers["Cache-Control"] == CACHE_CONTROL_OF_QUERIES == "private, max-age=0"
    assert site.renderings == 1
    assert site.get("/search/").headers["Cache-Control"] == CACHE_CONTROL


@pytest.mark.parametrize(("accepted", "encoding"), [("br", "br"), ("", None), ("gzip", "gzip"), ("gzip, br", "br")])
def test_each_encoding_has_the_same_content_and_its_own_etag(
    site: CachedSite, accepted: str, encoding: str | None
) -> None:
    reply = site.get(HTTP_ACCEPT_ENCODING=accepted)
    plain = site.get()
    assert reply.headers.get("Content-Encoding") == encoding
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert reply.text == plain.text
    assert (reply.headers["ETag"] == plain.headers["ETag"]) is (encoding is None)
    assert not reply.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("known", ["{}", 'W/{}, "other"', '"other", {}', "*"])
def test_a_browser_that_has_the_page_gets_304(site: CachedSite, known: str) -> None:
    etag = site.get(HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    reply = site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=known.format(etag))
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers == {"ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    assert site.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag).status == 200


def test_the_etag_stays_the_same_while_the_content_does(site: CachedSite) -> None:
    etag = site.get("/robots.txt").headers["ETag"]
    factories.make_standard()
    site.later()
    assert site.renders("/robots.txt")
    assert site.get("/robots.txt").headers["ETag"] == etag


def test_head_gets_the_headers_alone(site: CachedSite) -> None:
    heads = [site.get(method="HEAD"), site.get(method="HEAD")]
    page = site.get()
    assert [(head.status, head.body, head.headers) for head in heads] == [(200, b"", page.headers)] * 2


def test_a_visitor_with_a_session_neither_gets_nor_makes_a_cached_page(site: CachedSite) -> None:
    site.get()
    session = {"HTTP_COOKIE": "sessionid=anything"}
    assert site.renders(**session)
    assert site.get(**session).headers["Cache-Control"] == "private"
    assert "ETag" not in site.get("/robots.txt", **session).headers
    assert site.renders("/robots.txt")


def test_a_cached_page_depends_on_nothing_that_one_visitor_sends(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(dict(environ))
        return answering(lambda: HttpResponse("page"))(environ, start_response)

    CachedSite(tmp_path, application).get(
        "/?utm_source=evil", method="HEAD", HTTP_X_FORWARDED_HOST="evil.example", HTTP_COOKIE="a=1", HTTP_REFERER="x"
    )
    (asked,) = seen
    assert (asked["REQUEST_METHOD"], asked["QUERY_STRING"]) == ("GET", "")
    assert [name for name in asked if name.startswith("HTTP_")] == ["HTTP_HOST"]


def with_cookie() -> HttpResponse:
    response = HttpResponse("for one person")
    response.set_cookie("a", "b")
    return response


NOT_CACHEABLE: list[Callable[[], Any]] = [
    lambda: HttpResponse("x", headers={"Cache-Control": "Private, max-age=60"}),
    lambda: HttpResponse("x", headers={"Cache-Control": "max-age=0, no-store"}),
    lambda: HttpResponse("x", headers={"Cache-Control": "no-cache"}),
    lambda: HttpResponse("x", headers={"Vary": "Accept-Encoding, Cookie"}),
    lambda: HttpResponse(b"x", headers={"Content-Encoding": "gzip"}),
    lambda: HttpResponse(b"x", content_type="image/jpeg"),
    lambda: StreamingHttpResponse([b"x"]),
    lambda: FileResponse(iter([b"x"])),
    lambda: HttpResponse("x", status=404),
    lambda: HttpResponse(status=301, headers={"Location": "/"}),
    lambda: HttpResponse("x", status=500),
    with_cookie,
]


@pytest.mark.parametrize("make", NOT_CACHEABLE)
def test_a_response_that_is_not_a_page_for_everyone_is_not_cached(tmp_path: Path, make: Callable[[], Any]) -> None:
    site = CachedSite(tmp_path, answering(make))
    assert site.get() == site.get() == visit(answering(make))
    assert (site.renderings, site.store.size, list(tmp_path.iterdir())) == (2, 0, [])


def test_an_old_address_with_parameters_is_still_redirected(tmp_path: Path) -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        old = environ["QUERY_STRING"] == "page_id=7"
        return answering(lambda: HttpResponse(status=301 if old else 404))(environ, start_response)

    assert CachedSite(tmp_path, application).get("/old/?page_id=7").status == 301


def test_a_cached_page_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closing = timezone.now() + timedelta(minutes=5)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.setdefault(EXPIRES_AT, []).append(closing)
        return answering(lambda: HttpResponse("open"))(environ, start_response)

    site = CachedSite(tmp_path, application)
    site.get()
    assert not site.renders()
    monkeypatch.setattr("clinic.page_cache.store.time", lambda: closing.timestamp() + 0.001)
    assert site.renders()


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
