"""Files that are written completely or not at all."""

from pathlib import Path
from tempfile import NamedTemporaryFile

# The suffix of a file while it is written. One is left behind if the process is killed at that moment.
UNFINISHED = ".new"


def atomic_write(target: Path, content: bytes) -> None:
    """Write the file; anyone who reads it meanwhile gets the old or the new content, never a part.

    Raises `OSError` when the disk is full or read-only; the old file is then unchanged.
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
