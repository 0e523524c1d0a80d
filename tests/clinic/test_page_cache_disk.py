"""The copies on disk: whole, private, found by their address, and none that must not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clinic.page_cache.disk import Disk
from clinic.page_cache.key import Address
from tests.clinic.page_cache_world import World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "pages")


@pytest.mark.parametrize("damage", [b"", b"{}", b"not json\nxyz", b'{"address": []}\n'])
def test_a_damaged_copy_is_no_copy(world: World, damage: bytes) -> None:
    world.get()
    (file,) = world.cache.disk.folder.iterdir()
    file.write_bytes(damage)
    assert world.cache.disk.read(Address("http", "testserver", "/", "")) is None


def test_a_copy_cut_short_is_no_copy(world: World) -> None:
    world.get()
    (file,) = world.cache.disk.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    assert world.cache.disk.read(Address("http", "testserver", "/", "")) is None


def test_copies_that_were_never_finished_are_cleared_away_too(world: World) -> None:
    """A process was killed while it wrote one."""
    world.get()
    (world.cache.disk.folder / "tmpabc.new").touch()
    world.cache.disk.clear()
    assert list(world.cache.disk.folder.iterdir()) == []


def test_copies_on_disk_are_for_the_sites_own_eyes(world: World) -> None:
    world.get()
    (file,) = world.cache.disk.folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert world.cache.disk.folder.stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_costs_no_visitor_their_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pages").touch()
    world = World(tmp_path / "pages")
    assert world.get().status == 200
    assert "could not be kept" in caplog.text
    world.cache.disk.clear()


def test_copies_are_found_by_their_whole_address(tmp_path: Path, world: World) -> None:
    world.get()
    disk: Any = Disk(world.cache.disk.folder)
    assert disk.read(Address("http", "testserver", "/", "")) is not None
    assert disk.read(Address("https", "testserver", "/", "")) is None
