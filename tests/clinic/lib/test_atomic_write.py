"""A file is there whole or not at all."""

import errno
from pathlib import Path

import pytest

from clinic.lib.atomic_write import atomic_write


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "file"
    for content in (b"one", b"two"):
        atomic_write(target, content)
        assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_on_a_full_disk_the_old_file_stays_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    atomic_write(target, b"old")

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        atomic_write(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
