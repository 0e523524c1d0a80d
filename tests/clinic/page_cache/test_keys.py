from typing import Any

import pytest

from clinic.page_cache.store import LONGEST_QUERY, CacheKey, KeyMaker

HOSTS = ["clinic.example", "www.clinic.example", ".other.example", "[::1]"]
KEYS = KeyMaker(HOSTS, "https://clinic.example:8443", {"/search/": ("q", "page"), "/enquiry/": ("about",)})
HOME = CacheKey("https", "clinic.example", "/", "")
OTHER_HOSTS = [
    "evil.example", "clinic.example.evil.example", "clinic.example:1234", "clinic.example:", "CLINIC.example",
    "clinic.example.", "a.other.example", "other.example@evil.example", "",
]  # fmt: skip
OTHER_URLS = ["/admin/pages/3/", "/django-admin/", "/documents/1/a.pdf", "/landing/", "/media/images/a.jpg", "*", ""]


def key_of(path: str = "/", **environ: Any) -> CacheKey | None:
    address, _mark, query = path.partition("?")
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "HTTP_HOST": "clinic.example"}
    return KEYS.key_of(asked | {"SERVER_PORT": "8000", "wsgi.url_scheme": "https"} | environ)


@pytest.mark.parametrize(
    ("typed", "relevant"),
    [
        ("/search/?utm_source=x&q=knee&page=2", "q=knee&page=2"),
        ("/search/?page=2&q=knee", "q=knee&page=2"),
        ("/search/?q=hip&q=kn%65e+pain", "q=knee+pain"),
        ("/search/?q=", "q="),
        ("/search/?q=%ff", "q=%EF%BF%BD"),
        *((f"/search/?{unread}", "") for unread in ("x=1", "utm_source=mail&utm_medium=x", "%ff&&=;", "a")),
        ("/?q=knee", ""),
        ("/enquiry/?about=7&x=1", "about=7"),
    ],
)
def test_the_key_has_only_the_parameters_that_the_page_reads(typed: str, relevant: str) -> None:
    assert key_of(typed) == HOME._replace(path=typed.partition("?")[0], query=relevant)
    assert key_of(f"/search/?q={'x' * LONGEST_QUERY}") is None


@pytest.mark.parametrize(
    "environ",
    [
        {"wsgi.url_scheme": "http"},
        *({"HTTP_HOST": host} for host in ("www.clinic.example", "clinic.example:8443", "[::1]:8000")),
        *({"PATH_INFO": path} for path in ("/FEES/", "/fees", "/caf\xc3\xa9/")),
    ],
)
def test_scheme_host_and_path_are_part_of_the_key(environ: dict[str, str]) -> None:
    assert key_of(**environ) not in {None, HOME}


@pytest.mark.parametrize(
    "environ",
    [
        *({"REQUEST_METHOD": method} for method in ("POST", "PUT", "OPTIONS", "PURGE", "get")),
        *({"PATH_INFO": path} for path in OTHER_URLS),
        # Hosts that anyone can make up would fill the cache.
        *({"HTTP_HOST": host} for host in OTHER_HOSTS),
        # This visitor may be signed in.
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "a=1; sessionid="},
        {"HTTP_AUTHORIZATION": "Basic eA=="},
    ],
    ids=str,
)
def test_other_methods_urls_hosts_and_signed_in_visitors_bypass_the_cache(environ: dict[str, str]) -> None:
    assert key_of(**environ) is None


def test_head_and_a_visitor_with_other_cookies_share_the_page() -> None:
    assert key_of(REQUEST_METHOD="HEAD") == key_of(HTTP_COOKIE="_ga=1; consent=yes") == HOME
