"""A change is seen a second after it is published, by whatever process."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from clinic.models import ContentVersion
from tests import factories
from tests.another_process import ROOT, environment
from tests.clinic.page_cache_world import World, queries_during

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_published_change_is_seen_a_second_later(world: World) -> None:
    page = factories.make_standard("About")
    world.later()
    assert world.get("/about/").status == 200
    page.title = "About all of us"
    page.save_revision().publish()
    world.later(0.99)
    assert "About all of us" not in world.get("/about/").text
    world.later(0.01)
    assert "About all of us" in world.get("/about/").text


def test_the_version_is_asked_once_a_second_however_many_come(world: World) -> None:
    world.get()
    assert queries_during(lambda: [world.get() for _ in range(20)]) == 0
    world.later()
    assert queries_during(lambda: [world.get() for _ in range(20)]) == 1


def test_a_change_that_is_taken_back_is_no_change(world: World) -> None:
    before = ContentVersion.current()
    with suppress(RuntimeError), transaction.atomic():
        factories.make_standard("About")
        raise RuntimeError
    assert ContentVersion.current() == before


def test_a_change_taken_back_to_a_savepoint_does_not_hide_the_next(world: World) -> None:
    before = ContentVersion.current()
    with transaction.atomic():
        with suppress(RuntimeError), transaction.atomic():
            factories.make_standard("About")
            raise RuntimeError
        factories.make_standard("Us")
    assert ContentVersion.current() != before


def test_a_change_is_new_to_others_when_it_is_committed_and_not_before(world: World) -> None:
    before = ContentVersion.current()
    with ThreadPoolExecutor(1) as another, transaction.atomic():
        factories.make_standard("About")
        assert another.submit(asked_by_another).result() == before
    assert ContentVersion.current() != before


def asked_by_another() -> str:
    try:
        return ContentVersion.current()
    finally:
        connection.close()


@pytest.mark.usefixtures("world")
def test_a_page_stays_up_visibly_when_its_version_cannot_be_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is busy for too long in just that moment: who takes the page off hears of it, and does it again.
    The other way round the page would be gone for the admin and still be read by visitors until midnight.
    """
    page = factories.make_standard("About")

    def busy() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(ContentVersion, "renew", busy)
    with pytest.raises(OperationalError):
        page.unpublish()
    page.refresh_from_db()
    assert page.live


def test_a_page_published_on_time_by_another_process_is_seen(world: World) -> None:
    page = factories.make_standard("About")
    world.later()
    assert "from today" not in world.get("/about/").text
    page.title = "About, from today"
    revision = page.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
    revision.save()
    subprocess.run(
        [sys.executable, "manage.py", "publish_scheduled"],
        cwd=ROOT,
        env=environment(),
        check=True,
    )
    assert "from today" not in world.get("/about/").text
    world.later()
    assert "from today" in world.get("/about/").text
