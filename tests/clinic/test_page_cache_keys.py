"""Which requests share a copy, and which go past the page cache."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.page_cache.copy import best_encoding
from clinic.page_cache.key import LONGEST_QUERY, Address, Keys

KEYS = Keys(["clinic.example", "www.clinic.example", ".other.example", "[::1]"], "https://clinic.example:8443", "sid")
HOME = Address("https", "clinic.example", "/", "")


def address_of(path: str = "/", **environ: Any) -> Address | None:
    address, _mark, query = path.partition("?")
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "HTTP_HOST": "clinic.example",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "https",
    }
    return KEYS.address_of(asked | environ)


@pytest.mark.parametrize(
    "query", ["x=1", "utm_source=mail&utm_medium=x", "gclid=1", "fbclid=2", "q=knee", "%ff&&=;", "a"]
)
def test_parameters_that_mean_nothing_neither_fill_nor_get_past_the_cache(query: str) -> None:
    assert address_of(f"/?{query}") == HOME


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("q=knee", "q=knee"),
        ("utm_source=x&q=knee&page=2", "q=knee&page=2"),
        ("page=2&q=knee", "q=knee&page=2"),
        ("q=hip&q=knee", "q=knee"),
        ("q=kn%65e+pain", "q=knee+pain"),
        ("q=", "q="),
        ("q=%ff", "q=%EF%BF%BD"),
        ("x=1", ""),
    ],
)
def test_a_search_is_known_by_its_words_and_its_page(typed: str, meant: str) -> None:
    address = address_of(f"/search/?{typed}")
    assert address is not None
    assert address.query == meant


def test_a_search_as_long_as_a_book_has_no_copy() -> None:
    assert address_of(f"/search/?q={'x' * LONGEST_QUERY}") is None


def test_the_form_is_known_by_the_page_it_is_about() -> None:
    assert address_of("/enquiry/?about=7&x=1") == HOME._replace(path="/enquiry/", query="about=7")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_HOST", "www.clinic.example"),
        ("wsgi.url_scheme", "http"),
        ("PATH_INFO", "/fees/"),
        ("PATH_INFO", "/FEES/"),
        ("PATH_INFO", "//fees/"),
        ("PATH_INFO", "/fees"),
        ("PATH_INFO", "/caf\xc3\xa9/"),
    ],
)
def test_scheme_host_and_path_each_have_copies_of_their_own(name: str, value: str) -> None:
    address = address_of(**{name: value})
    assert address is not None
    assert address != HOME


@pytest.mark.parametrize(
    "host",
    ["clinic.example", "clinic.example:8443", "clinic.example:8000", "www.clinic.example", "[::1]", "[::1]:8000"],
)
def test_hosts_that_the_site_answers_to_have_copies(host: str) -> None:
    assert address_of(HTTP_HOST=host) is not None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "clinic.example.evil.example", "clinic.example:1234", "clinic.example:", "CLINIC.example",
     "clinic.example.", "a.other.example", "other.example@evil.example", ""],
)  # fmt: skip
def test_hosts_that_anybody_can_make_up_have_none(host: str) -> None:
    assert address_of(HTTP_HOST=host) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "PURGE", "get"])
def test_only_reading_is_answered_from_a_copy(method: str) -> None:
    assert address_of(REQUEST_METHOD=method) is None
    assert address_of(REQUEST_METHOD="HEAD") == HOME


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/pages/3/", "/django-admin/", "/documents/1/a.pdf", "/enquiry/sent/abc/", "/landing/",
     "/media/images/a.jpg", "/static/a.css", "/healthz", "*", ""],
)  # fmt: skip
def test_what_is_no_page_for_everybody_goes_past_the_cache(path: str) -> None:
    assert address_of(path) is None


@pytest.mark.parametrize(
    "environ",
    [{"HTTP_COOKIE": "sid=abc"}, {"HTTP_COOKIE": "a=1; sid="}, {"HTTP_AUTHORIZATION": "Basic eA=="},
     {"SCRIPT_NAME": "/x"}],
)  # fmt: skip
def test_whoever_may_be_signed_in_goes_past_the_cache(environ: dict[str, str]) -> None:
    assert address_of(**environ) is None


def test_other_cookies_are_nobodys_business() -> None:
    assert address_of(HTTP_COOKIE="_ga=1; consent=yes") == HOME


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=1.0", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=what", "identity"),
        ("xbr, gzipped", "identity"),
        ("", "identity"),
    ],
)
def test_the_best_encoding_that_a_browser_takes(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding
