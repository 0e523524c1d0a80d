import errno
from pathlib import Path
from unittest.mock import Mock

import pytest

from clinic.lib.atomic_write import atomic_write


def test_on_a_full_disk_the_old_file_stays_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "folder" / "file"
    atomic_write(target, b"old")
    monkeypatch.setattr(Path, "replace", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        atomic_write(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]
