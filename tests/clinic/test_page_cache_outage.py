"""While the database is gone visitors read the last good copy of each page, and are told of when it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse

from clinic.models import ContentVersion, StandardPage
from tests import factories
from tests.clinic.page_cache_world import World, database_lost, queries_during

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from pytest_django import Settings

    from clinic.models import ClinicDetails

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> World:
    settings.PAGE_COPIES_DIR = tmp_path / "pages"
    return World(settings.PAGE_COPIES_DIR)


def restarted(world: World) -> World:
    """Return the site in a new process: nothing in memory."""
    return World(world.cache.disk.folder)


@pytest.mark.parametrize("restart", [False, True])
def test_the_last_good_copy_is_served_with_its_age(world: World, details: ClinicDetails, restart: bool) -> None:
    world.get()
    if restart:
        world = restarted(world)
    world.later()
    with database_lost():
        reply = world.get(HTTP_ACCEPT_ENCODING="br")
    assert reply.status == 200
    assert "Fireweed Physiotherapy" in reply.text
    assert "Please call us rather than send the form." in reply.text
    assert int(reply.headers["Age"]) in range(60)
    assert datetime.now(UTC) - datetime.fromisoformat(reply.headers["X-Served-Stale"]) < timedelta(minutes=1)
    assert reply.headers["Cache-Control"] == "no-cache"
    assert "Content-Security-Policy" in reply.headers


def test_the_line_over_an_old_page_has_its_rules_in_the_page(world: World, details: ClinicDetails) -> None:
    """The policy names the sheet by its hash, so that nothing can be added when the line is."""
    world.get()
    world.later()
    with database_lost():
        page = world.get().text
    assert '<div class="notice wrap"' in page
    sheet = page.partition("<style>")[2].partition("</style>")[0]
    assert ".notice{" in sheet
    assert ".wrap{" in sheet


def test_within_the_second_a_good_copy_is_a_good_copy(world: World) -> None:
    page = world.get()
    with database_lost():
        assert world.get() == page


def test_when_django_meets_the_fault_first_its_visitor_gets_the_last_good_copy_too(world: World) -> None:
    """The version was read a moment ago, this page is not in memory, and the database has gone in between."""
    page = world.get()
    world.cache.store.clear()
    with database_lost():
        reply = world.get()
    assert reply.status == 200
    assert "X-Served-Stale" in reply.headers
    assert "X-Served-Stale" not in page.headers


def test_a_page_without_a_copy_is_the_error_page(world: World) -> None:
    world.later()
    with database_lost():
        reply = world.get()
    assert reply.status == 503
    assert "call" in reply.text


def test_a_fault_of_another_kind_is_not_hidden_behind_a_copy(tmp_path: Path) -> None:
    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status = "200 OK" if faulty.django.times == 1 else "500 Oops"
        start_response(status, [("Content-Type", "text/html")])
        return HttpResponse("page")

    faulty = World(tmp_path, application)
    faulty.get()
    faulty.cache.store.clear()
    assert faulty.get().status == 500


def test_a_page_that_made_do_without_the_database_is_not_kept(world: World) -> None:
    """`navigation` gives an empty menu when the database fails under it: such a page is answered and forgotten."""

    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with database_lost():
            try:
                ContentVersion.current()
            except OperationalError:
                connections["default"].errors_occurred = True
        start_response("200 OK", [("Content-Type", "text/html")])
        return HttpResponse("no menu")

    world.django.application = application
    assert world.get().body == b"no menu"
    assert world.cache.store.size == 0
    assert not world.cache.disk.folder.exists()


def test_the_enquiry_page_says_to_call_and_is_no_copy(world: World) -> None:
    assert world.get("/enquiry/").status == 200
    world.later()
    with database_lost():
        reply = world.get("/enquiry/")
        world.cache.store.clear()
        sent = world.get("/enquiry/", "POST")
    assert reply.status == 503
    assert "Please call us instead" in reply.text
    assert reply.text.partition("<main")[2].partition("</main>")[0].count('class="emergency"') == 1
    assert sent.status in {422, 503}


def test_the_health_check_answers_without_a_database(world: World) -> None:
    with database_lost():
        assert world.get("/healthz").text == "ok"


def test_back_with_the_database_pages_are_as_before(world: World) -> None:
    page = world.get()
    world.later()
    with database_lost():
        world.get()
    world.later()
    assert world.get() == page


def test_what_was_taken_away_does_not_come_back_with_an_outage(world: World) -> None:
    page = factories.make_standard("About")
    world.later()
    other = restarted(world)
    for process in (world, other):
        assert "About" in process.get("/about/").text
    StandardPage.objects.get(pk=page.pk).unpublish()
    world.later()
    assert world.get("/about/").status == 404
    world.later()
    other.later()
    with database_lost():
        assert [process.get("/about/").status for process in (world, other)] == [503, 503]


def test_a_copy_with_an_old_phone_number_does_not_come_back_with_an_outage(
    world: World, details: ClinicDetails
) -> None:
    assert details.phone in world.get().text
    details.phone = "867-555-0199"
    details.save()
    world = restarted(world)
    with database_lost():
        assert world.get().status == 503


def test_a_page_taken_away_while_it_was_drawn_is_not_written_to_disk(world: World) -> None:
    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ContentVersion.renew()
        start_response("200 OK", [("Content-Type", "text/html")])
        return HttpResponse("gone by now")

    world.django.application = application
    world.get()
    assert not world.cache.disk.folder.exists()


def test_a_search_is_on_no_disk(world: World) -> None:
    world.get("/search/?q=knee")
    assert not world.cache.disk.folder.exists()


def test_an_outage_is_asked_about_once_a_second_and_one_waits_at_a_time(world: World) -> None:
    world.get()
    world.later()
    with database_lost():
        world.get()
        assert queries_during(lambda: [world.get() for _ in range(5)]) == 0
        world.later()
        world.cache.version._lock.acquire()  # as if another thread were asking
        assert "X-Served-Stale" in world.get().headers


def test_nobody_waits_long_for_a_database_that_hangs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.page_cache.version.PATIENCE", 0.1)
    world.get()
    world.later()
    hangs, go_on = Event(), Event()

    def hang() -> str:
        hangs.set()
        go_on.wait(5)
        return "0"

    monkeypatch.setattr(ContentVersion, "current", hang)
    asking = Thread(target=world.cache.version.current)
    asking.start()
    hangs.wait(5)
    assert "X-Served-Stale" in world.get().headers
    go_on.set()
    asking.join(5)
