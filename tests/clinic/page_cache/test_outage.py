from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from wsgiref.types import WSGIEnvironment

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse

from clinic.models import ClinicDetails, ContentVersion, StandardPage
from clinic.page_cache.store import CacheKey, remove_files
from tests import factories
from tests.clinic.page_cache.cached_site import CachedSite, answering, database_lost

HOME = CacheKey("http", "testserver", "/", "")


@pytest.mark.parametrize("noticed", ["by the cache", "by a new process", "by Django"])
def test_the_last_good_page_is_served_with_its_age(cached: CachedSite, details: ClinicDetails, noticed: str) -> None:
    assert "X-Served-Stale" not in cached.get().headers
    if noticed == "by a new process":
        cached = CachedSite(cached.store.folder)
    elif noticed == "by Django":
        cached.store.clear_memory()
    else:
        cached.later()
    with database_lost():
        reply = cached.get(HTTP_ACCEPT_ENCODING="br")
    assert reply.status == 200
    assert "Fireweed Physiotherapy" in reply.text
    assert '<div class="message wrap"' in reply.text
    assert ".message{" in reply.text  # the policy allows this sheet alone: its rules must be in the page
    assert datetime.now(UTC) - datetime.fromisoformat(reply.headers["X-Served-Stale"]) < timedelta(minutes=1)
    assert reply.headers["Cache-Control"] == "no-cache"
    assert "Content-Security-Policy" in reply.headers
    cached.later()
    assert "X-Served-Stale" not in cached.get().headers


def test_a_page_rendered_without_the_database_is_not_cached(cached: CachedSite) -> None:
    def respond(_environ: WSGIEnvironment) -> HttpResponse:
        with database_lost():
            try:
                ContentVersion.current()
            except OperationalError:
                connections["default"].errors_occurred = True
        return HttpResponse("no menu")

    cached.application = answering(respond)
    assert cached.get().body == b"no menu"
    assert cached.store.size == 0
    assert not cached.store.folder.exists()


def test_the_enquiry_page_says_to_call_and_neither_it_nor_a_search_is_saved(cached: CachedSite) -> None:
    cached.get("/search/?q=knee")
    assert cached.get("/enquiry/").status == 200
    assert not cached.store.folder.exists()
    cached.later()
    with database_lost():
        reply = cached.get("/enquiry/")
        sent = cached.get("/enquiry/", "POST")
    assert reply.status == 503
    assert "Please call us instead" in reply.text
    assert reply.text.partition("<main")[2].partition("</main>")[0].count('class="emergency"') == 1
    assert sent.status in {422, 503}


def test_an_unpublished_page_comes_back_in_no_process_and_on_no_server(cached: CachedSite, tmp_path: Path) -> None:
    page = factories.make_standard("About")
    other_process, other_server = CachedSite(cached.store.folder), CachedSite(tmp_path / "another server")
    everywhere = (cached, other_process, other_server)
    for site in everywhere:
        assert "About" in site.get("/about/").text
    StandardPage.objects.get(pk=page.pk).unpublish()
    for site in (cached, other_server):
        site.later()
        site.get()  # any request reads the version
    for site in everywhere:
        site.later()
    with database_lost():
        assert [site.get("/about/").status for site in everywhere] == [503, 503, 503]
        assert other_server.get().status == 200


def test_a_full_disk_is_logged_once(cached: CachedSite, caplog: pytest.LogCaptureFixture) -> None:
    with patch("clinic.page_cache.store.atomic_write", side_effect=OSError(28, "No space left on device")):
        assert [cached.get(path).status for path in ("/", "/robots.txt")] == [200, 200]
    assert [record.getMessage() for record in caplog.records if "cannot be saved" in record.getMessage()] == [
        f"Pages cannot be saved in {cached.store.folder}: No space left on device."
    ]


def test_an_old_phone_number_does_not_come_back_during_an_outage(cached: CachedSite, details: ClinicDetails) -> None:
    assert details.phone in cached.get().text
    details.phone = "867-555-0199"
    details.save()
    with database_lost():
        assert CachedSite(cached.store.folder).get().status == 503


def test_a_page_unpublished_while_it_was_rendered_is_not_saved(cached: CachedSite) -> None:
    def respond(_environ: WSGIEnvironment) -> HttpResponse:
        ContentVersion.renew()
        return HttpResponse("unpublished by now")

    cached.application = answering(respond)
    cached.get()
    assert not cached.store.folder.exists()


def test_in_an_outage_one_thread_asks_and_no_visitor_waits(cached: CachedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    cached.get()
    cached.later()
    with database_lost(), patch.object(ContentVersion, "current", side_effect=ContentVersion.current) as asked:
        for _ in range(5):
            cached.get()
        assert asked.call_count == 1
    monkeypatch.setattr("clinic.page_cache.middleware.SECONDS_TO_WAIT", 0.01)
    cached.later()
    with cached.cache.version._lock:  # as if another thread were waiting for a database that hangs
        assert "X-Served-Stale" in cached.get().headers


def test_saved_pages_are_read_by_the_site_alone_and_a_damaged_one_counts_as_none(cached: CachedSite) -> None:
    cached.get()
    (file,) = cached.store.folder.iterdir()
    assert (file.stat().st_mode | cached.store.folder.stat().st_mode) & 0o077 == 0
    assert cached.store.load(HOME)
    assert cached.store.load(HOME._replace(scheme="https")) is None
    for damage in (b"", b"{}", b'{"content": "x", "headers": 1}', b"\xff"):
        file.write_bytes(damage)
        assert cached.store.load(HOME) is None
    (cached.store.folder / "tmpabc.new").touch()  # of a process that was killed while it wrote
    remove_files(cached.store.folder)
    assert list(cached.store.folder.iterdir()) == []
