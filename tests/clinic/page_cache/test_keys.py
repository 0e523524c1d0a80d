"""Which requests share a cached page, and which bypass the cache."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.page_cache.cached_response import best_encoding
from clinic.page_cache.key import LONGEST_QUERY, CacheKey, KeyMaker

HOSTS = ["clinic.example", "www.clinic.example", ".other.example", "[::1]"]
KEYS = KeyMaker(HOSTS, "https://clinic.example:8443", {"/search/": ("q", "page"), "/enquiry/": ("about",)})
HOME = CacheKey("https", "clinic.example", "/", "")


def key_of(path: str = "/", **environ: Any) -> CacheKey | None:
    address, _mark, query = path.partition("?")
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "HTTP_HOST": "clinic.example"}
    return KEYS.key_of(asked | {"SERVER_PORT": "8000", "wsgi.url_scheme": "https"} | environ)


@pytest.mark.parametrize("query", ["x=1", "utm_source=mail&utm_medium=x", "q=knee", "%ff&&=;", "a"])
def test_parameters_that_no_page_reads_neither_fill_nor_bypass_the_cache(query: str) -> None:
    assert key_of(f"/?{query}") == HOME


@pytest.mark.parametrize(
    ("typed", "relevant"),
    [
        ("/search/?utm_source=x&q=knee&page=2", "q=knee&page=2"),
        ("/search/?page=2&q=knee", "q=knee&page=2"),
        ("/search/?q=hip&q=kn%65e+pain", "q=knee+pain"),
        ("/search/?q=", "q="),
        ("/search/?q=%ff", "q=%EF%BF%BD"),
        ("/search/?x=1", ""),
        ("/enquiry/?about=7&x=1", "about=7"),
    ],
)
def test_the_key_has_the_parameters_that_the_page_reads(typed: str, relevant: str) -> None:
    assert key_of(typed) == HOME._replace(path=typed.partition("?")[0], query=relevant)
    assert key_of(f"/search/?q={'x' * LONGEST_QUERY}") is None


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_HOST": "www.clinic.example"},
        {"HTTP_HOST": "clinic.example:8443"},
        {"HTTP_HOST": "[::1]:8000"},
        {"wsgi.url_scheme": "http"},
        {"PATH_INFO": "/FEES/"},
        {"PATH_INFO": "/fees"},
        {"PATH_INFO": "/caf\xc3\xa9/"},
    ],
)
def test_scheme_host_and_path_are_part_of_the_key(environ: dict[str, str]) -> None:
    assert key_of(**environ) not in {None, HOME}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "clinic.example.evil.example", "clinic.example:1234", "clinic.example:", "CLINIC.example",
     "clinic.example.", "a.other.example", "other.example@evil.example", ""],
)  # fmt: skip
def test_nothing_is_cached_for_hosts_that_anyone_can_make_up(host: str) -> None:
    assert key_of(HTTP_HOST=host) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "PURGE", "get"])
def test_only_get_and_head_are_answered_from_the_cache(method: str) -> None:
    assert key_of(REQUEST_METHOD=method) is None
    assert key_of(REQUEST_METHOD="HEAD") == HOME


@pytest.mark.parametrize(
    "path", ["/admin/pages/3/", "/django-admin/", "/documents/1/a.pdf", "/landing/", "/media/images/a.jpg", "*", ""]
)
def test_other_urls_bypass_the_cache(path: str) -> None:
    assert key_of(path) is None


@pytest.mark.parametrize(
    "environ",
    [{"HTTP_COOKIE": "sessionid=abc"}, {"HTTP_COOKIE": "a=1; sessionid="}, {"HTTP_AUTHORIZATION": "Basic eA=="}],
)
def test_a_visitor_who_may_be_signed_in_bypasses_the_cache(environ: dict[str, str]) -> None:
    assert key_of(**environ) is None
    assert key_of(HTTP_COOKIE="_ga=1; consent=yes") == HOME


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=1.0", "gzip"),
        ("br;q=0.0, gzip", "gzip"),
        ("*", "identity"),
        ("xbr, gzipped", "identity"),
        ("", "identity"),
    ],
)
def test_the_best_encoding_that_a_browser_accepts(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding
