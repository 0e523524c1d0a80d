"""Many pages: a limit on memory."""

from clinic.page_cache.store import CacheKey
from tests.clinic.page_cache.cached_site import CachedSite


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
