from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIEnvironment

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageLogEntry

from clinic.page_cache.invalidation import EXPIRES_AT
from clinic.page_cache.store import CACHE_CONTROL, CACHE_CONTROL_OF_QUERIES, CacheKey
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite, answering, visit


def test_the_second_visitor_gets_the_page_with_every_header_without_django_and_without_a_query(
    cached: CachedSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = cached.get()
    with django_assert_num_queries(0):
        second = cached.get()
    assert cached.renderings == 1
    assert second == first
    assert "<h1" in second.text
    assert {*visit(WSGIHandler()).headers} - {"Content-Length"} <= {*second.headers}
    assert "style-src 'self' 'sha256-" in second.headers["Content-Security-Policy"]
    assert second.headers["Cache-Control"] == CACHE_CONTROL


def test_searches_and_enquiries_are_not_stored_by_caches_on_the_way(long_page: CachedSite) -> None:
    for path in ("/search/?q=knee", "/enquiry/?about=3"):
        long_page.get(path)
        assert long_page.get(path).headers["Cache-Control"] == CACHE_CONTROL_OF_QUERIES == "private, max-age=0"
    assert long_page.renderings == 2
    assert long_page.get("/search/").headers["Cache-Control"] == CACHE_CONTROL


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0.0, gzip", "gzip"),
        *((none_of_ours, None) for none_of_ours in ("*", "xbr")),
    ],
)
def test_each_encoding_has_its_own_etag(long_page: CachedSite, accepted: str, encoding: str | None) -> None:
    reply = long_page.get(HTTP_ACCEPT_ENCODING=accepted)
    plain = long_page.get()
    assert reply.headers.get("Content-Encoding") == encoding
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert reply.text == plain.text
    assert (reply.headers["ETag"] == plain.headers["ETag"]) is (encoding is None)
    assert not reply.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("known", ["{}", 'W/{}, "other"', '"other", {}', "*"])
def test_a_browser_that_has_the_page_gets_304(long_page: CachedSite, known: str) -> None:
    etag = long_page.get(HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    reply = long_page.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=known.format(etag))
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers == {"ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    assert long_page.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag).status == 200


def test_a_search_engine_gets_the_sitemap_again_only_after_a_change(cached: CachedSite) -> None:
    page = factories.make_standard("About")
    PageLogEntry.objects.update(timestamp=timezone.now() - timedelta(days=2))
    Page.objects.update(last_published_at=timezone.now() - timedelta(days=2))
    since = cached.get("/sitemap.xml").headers["Last-Modified"]
    reply = cached.get("/sitemap.xml", HTTP_IF_MODIFIED_SINCE=since)
    assert (reply.status, reply.body) == (304, b"")
    assert cached.get("/sitemap.xml", HTTP_IF_MODIFIED_SINCE="yesterday").status == 200
    page.unpublish()
    cached.later()
    assert cached.get("/sitemap.xml", HTTP_IF_MODIFIED_SINCE=since).status == 200


def test_head_gets_the_headers_alone(long_page: CachedSite) -> None:
    for _time in range(2):
        head = long_page.get(method="HEAD")
        assert (head.status, head.body, head.headers) == (200, b"", long_page.get().headers)


def test_a_visitor_with_a_session_neither_gets_nor_makes_a_cached_page(cached: CachedSite) -> None:
    cached.get()
    session = {"HTTP_COOKIE": "sessionid=anything"}
    assert cached.renders(**session)
    assert cached.get(**session).headers["Cache-Control"] == "private"
    assert "ETag" not in cached.get("/robots.txt", **session).headers
    assert cached.renders("/robots.txt")


def test_a_cached_page_depends_on_nothing_that_one_visitor_sends(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def respond(environ: WSGIEnvironment) -> HttpResponse:
        seen.append(dict(environ))
        return HttpResponse("page")

    CachedSite(tmp_path, answering(respond)).get(
        "/?utm_source=evil", method="HEAD", HTTP_X_FORWARDED_HOST="evil.example", HTTP_COOKIE="a=1", HTTP_REFERER="x"
    )
    (asked,) = seen
    assert (asked["REQUEST_METHOD"], asked["QUERY_STRING"]) == ("GET", "")
    assert [name for name in asked if name.startswith("HTTP_")] == ["HTTP_HOST"]


NOT_FOR_EVERYONE: list[dict[str, Any]] = [
    *({"headers": {"Cache-Control": value}} for value in ("Private, max-age=60", "max-age=0, no-store", "no-cache")),
    {"headers": {"Vary": "Accept-Encoding, Cookie"}},
    {"cookie": "a"},
    {"headers": {"Content-Encoding": "gzip"}},
    {"content_type": "image/jpeg"},
    {"status": 404},
    {"status": 301, "headers": {"Location": "/"}},
]


def one_persons(cookie: str = "", **options: Any) -> HttpResponse:
    response = HttpResponse(b"x", **options)
    if cookie:
        response.set_cookie(cookie)
    return response


@pytest.mark.parametrize("different", NOT_FOR_EVERYONE, ids=str)
def test_a_response_that_is_not_a_page_for_everyone_is_not_cached(tmp_path: Path, different: dict[str, Any]) -> None:
    django = answering(lambda _environ: one_persons(**different))
    site = CachedSite(tmp_path, django)
    assert site.get() == site.get() == visit(django)
    assert (site.renderings, site.store.size, list(tmp_path.iterdir())) == (2, 0, [])


def test_an_old_address_with_parameters_is_still_redirected(tmp_path: Path) -> None:
    def respond(environ: WSGIEnvironment) -> HttpResponse:
        return HttpResponse(status=301 if environ["QUERY_STRING"] == "page_id=7" else 404)

    assert CachedSite(tmp_path, answering(respond)).get("/old/?page_id=7").status == 301


def test_a_cached_page_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closing = timezone.now() + timedelta(minutes=5)

    def respond(environ: WSGIEnvironment) -> HttpResponse:
        environ.setdefault(EXPIRES_AT, []).append(closing)
        return HttpResponse("open")

    site = CachedSite(tmp_path, answering(respond))
    site.get()
    assert not site.renders()
    monkeypatch.setattr("clinic.page_cache.store.time", lambda: closing.timestamp() + 0.001)
    assert site.renders()


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
