"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

# How a file is called until it is whole. One stays behind where the process was killed in just that moment.
UNFINISHED = ".new"


def write_whole(target: Path, content: bytes) -> None:
    """Put the content there; whoever reads at the same time has the old file or the new one.

    Raises `OSError` where the disk is full or read-only: then the old file stands as it was, and nothing beside it.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, suffix=UNFINISHED, delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.close()
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
