"""Restoring a backup into an empty database and data folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from clinic.backup import archive, databases
from clinic.backup.databases import BackupError


def restore(file: Path, identity: Path | None) -> str:
    """Fill the empty database and `DATA_DIR` from the backup, and return in a few lines what was restored.

    A backup of SQLite can be restored into PostgreSQL. Raises `BackupError`, after which both are as empty as before.
    """
    if not databases.is_empty(connection):
        raise BackupError("The database has tables already, and nothing is ever overwritten: name an empty database.")
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    with archive.unpacked(file, identity) as (folder, manifest):
        try:
            _load(folder / archive.DATABASE, manifest)
        except BaseException:
            _empty_again()
            raise
        kept = list(_place_files(folder / "data"))
        env = folder / archive.ENV
        if env.exists():
            target = Path(settings.DATA_DIR, "env-from-backup")
            shutil.move(env, target)
            target.chmod(0o600)
    rows = manifest["rows"]
    lines = [
        f"Restored the backup of {manifest['made_at'][:16].replace('T', ' ')}:",
        f"  {sum(rows.values()):,} rows in {len(rows)} tables, as many as in the backup",
        f"  {len(manifest['sha256']):,} files, all with their checksums",
        *(f"  {name} was there already and was left as it is" for name in kept),
    ]
    if archive.ENV in manifest["sha256"]:
        lines.append(f"The backup's .env is {settings.DATA_DIR}/env-from-backup: copy what you need, then delete it.")
    return "\n".join(lines)


def _load(file: Path, manifest: dict[str, Any]) -> None:
    kind = manifest["database"]
    if kind == connection.vendor:
        databases.load(file, connection)
        found = databases.count_rows(connection)
        if found != manifest["rows"]:
            raise BackupError(f"Not all rows came back: {databases.differences(manifest['rows'], found)}.")
        return
    if kind != "sqlite":
        raise BackupError("This is a backup of PostgreSQL: restore it there, then use `move_database`.")
    with databases.opened(databases.parse(f"sqlite:///{file}")) as source:
        databases.manage(f"sqlite:///{file}", "migrate", "--verbosity=0")
        call_command("migrate", verbosity=0)
        databases.copy_rows(source, connection)
    call_command("update_index", verbosity=0)


def _empty_again() -> None:
    connection.close()
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)


def _place_files(folder: Path) -> Iterator[str]:
    """Move the files into `DATA_DIR`; yield the names of those that were there already, which stay."""
    for file in sorted(folder.rglob("*")):
        target = settings.DATA_DIR / file.relative_to(folder)
        if file.is_file() and target.exists():
            yield str(file.relative_to(folder))
        elif file.is_file():
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            shutil.move(file, target)
