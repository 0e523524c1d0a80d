"""Making and restoring the file of a backup: a tar archive, encrypted with age (https://age-encryption.org/v1).

- `database`: an SQLite file, or a dump in pg_dump's custom format
- `data/…`: what DATA_DIR holds, without the database and what the site makes again
- `env`: the settings of the deployment (`.env`), with its SECRET_KEY
- `manifest.json`: format, time, versions, kind of database, rows of each table, SHA-256 of each file above
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import pyrage
import wagtail
from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clinic.backup import databases
from clinic.backup.databases import BackupError
from clinic.settings.environment import BASE_DIR

FORMAT = 1
DATABASE, MANIFEST, ENV = "database", "manifest.json", "env"
SUFFIX = ".tar"
ENCRYPTED = ".tar.age"
STAMP = "clinic-%Y%m%d-%H%M%S"
# In DATA_DIR, but made again by the site, or a backup itself.
LEFT_OUT = {"static", "pages", "backups"}
DAYS, WEEKS, MONTHS = 7, 4, 12


def make(folder: Path, recipient: str, *, prove: bool = False) -> str:
    """Write a backup into the folder, delete those that are no longer needed, and return its name, size and rows.

    Without `recipient` it is not encrypted. Nothing is left of a backup that failed. With `prove`, it is unpacked in a
    scratch place first, where each table must have as many rows as in the site at that moment. Raises `BackupError` or
    `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".unfinished-", dir=folder) as scratch:
        archive, finished = Path(scratch, "archive"), Path(scratch, "finished")
        manifest = _write(archive, Path(scratch, DATABASE), prove=prove)
        if recipient:
            pyrage.encrypt_file(str(archive), str(finished), [parse_recipient(recipient)])
        else:
            archive.rename(finished)
        finished.chmod(0o600)
        made = datetime.fromisoformat(manifest["made_at"])
        target = folder / f"{made.strftime(STAMP)}{ENCRYPTED if recipient else SUFFIX}"
        finished.rename(target)
    for name in expired(file.name for file in folder.glob("clinic-*")):
        (folder / name).unlink()
    _copy_to_bucket(target)
    if prove:
        # The audit of safeguards, the status line and an alarm look at its age.
        settings.BACKUP_MARKER.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.BACKUP_MARKER.touch()
    size, rows = target.stat().st_size / 2**20, manifest["rows"]
    return f"{target.name}: {size:,.1f} MB, {sum(rows.values()):,} rows in {len(rows)} tables"


def _write(archive: Path, database: Path, *, prove: bool) -> dict[str, Any]:
    rows = databases.dump(database)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": timezone.localtime().isoformat(),
        "versions": {"django": django.__version__, "wagtail": wagtail.__version__},
        "database": connection.vendor,
        "rows": rows,
        "sha256": pack(archive, [(DATABASE, database), *_files()]),
    }
    described = database.with_name(MANIFEST)
    described.write_text(json.dumps(manifest, indent=1), "utf-8")
    with tarfile.open(archive, "a") as tar:
        tar.add(described, MANIFEST)
    if prove:
        with unpacked(archive, None) as (folder, _manifest):
            found = databases.rows_of_dump(folder / DATABASE)
        if found != rows:
            raise BackupError(f"The restored copy differs from the site: {databases.differences(rows, found)}.")
    return manifest


def pack(archive: Path, files: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """Write the named files, or what they link to, into a tar archive; return the SHA-256 of each as it is there."""
    with tarfile.open(archive, "w", dereference=True) as tar:
        archive.chmod(0o600)
        for name, file in files:
            with suppress(FileNotFoundError):  # deleted since the folder was listed
                tar.add(file, name)
    with tarfile.open(archive) as tar:
        contents = {member.name: tarfile.ExFileObject(tar, member) for member in tar}
        return {name: hashlib.file_digest(content, "sha256").hexdigest() for name, content in contents.items()}


def _files() -> Iterator[tuple[str, Path]]:
    """Return each file to keep beside the database, with its name in the archive."""
    for root, folders, files in os.walk(settings.DATA_DIR, followlinks=True):
        at_top = Path(root) == settings.DATA_DIR
        folders[:] = [name for name in folders if not (at_top and name in LEFT_OUT) and not name.startswith(".unfin")]
        for file in (Path(root, name) for name in files):
            if file.is_file() and not (at_top and ".sqlite3" in file.name):
                yield f"data/{file.relative_to(settings.DATA_DIR)}", file
    if (env := BASE_DIR / ".env").exists():
        yield ENV, env


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def unpacked(file: Path, identity: Path | None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Decrypt the backup into a temporary folder in DATA_DIR, check each file, and return the folder and manifest.

    Raises `BackupError` if it is not a backup, is damaged, or if this is not its key.
    """
    with TemporaryDirectory(prefix=".unfinished-", dir=settings.DATA_DIR) as scratch:
        plain, folder = file, Path(scratch, "content")
        if file.name.endswith(ENCRYPTED):
            plain = Path(scratch, "archive")
            _decrypt(file, plain, identity)
        try:
            _extract(plain, folder)
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
            wrong = [name for name, expected in manifest["sha256"].items() if sha256(folder / name) != expected]
        except (OSError, ValueError, KeyError, tarfile.TarError) as error:
            raise BackupError(f"{file.name} is not a complete backup of this site: {error}") from error
        if manifest["format"] != FORMAT:
            raise BackupError(f"{file.name} has format {manifest['format']}; this version reads format {FORMAT}.")
        if wrong:
            raise BackupError(f"{file.name} is damaged: {', '.join(wrong)}.")
        yield folder, manifest


def _extract(archive: Path, folder: Path) -> None:
    """Extract regular files into the folder (`extractall` has no safe filter before Python 3.11.4)."""
    with tarfile.open(archive) as tar:
        for member in tar:
            target = (folder / member.name).resolve()
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or not target.is_relative_to(folder.resolve()):
                raise BackupError(f"The backup contains {member.name}, which is not a file of this site.")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            target.chmod(member.mode & 0o644 | 0o600)  # nginx reads the pictures, and has no group in common


def _decrypt(file: Path, target: Path, identity: Path | None) -> None:
    if identity is None:
        raise BackupError(f"{file.name} is encrypted: name the file with its private key (--identity).")
    try:
        pyrage.decrypt_file(str(file), str(target), read_identities(identity))
    except (OSError, pyrage.DecryptError) as error:
        raise BackupError(f"{file.name} is damaged, or this is not its key: {error}") from error


def parse_recipient(text: str) -> Any:
    """Return the public key of an age key pair. Raises `BackupError`."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError("The recipient is not a public key that begins with age1.") from error


def read_identities(file: Path) -> list[Any]:
    """Return the private keys in a file as `age-keygen` writes it. Raises `BackupError`."""
    try:
        lines = (line.strip() for line in file.read_text("utf-8").splitlines())
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise BackupError(f"The private key cannot be read: {error}") from error
    if not keys:
        raise BackupError(f"{file.name} contains no private key.")
    return keys


def expired(names: Iterable[str]) -> list[str]:
    """Return the backups that are neither the newest of one of the last 7 days, 4 weeks or 12 months with backups."""
    dated = []
    for name in names:
        with suppress(ValueError):
            dated.append((datetime.strptime(name.partition(".")[0], STAMP), name))  # noqa: DTZ007  local, as written
    dated.sort(reverse=True)
    kept: set[str] = set()
    for period, number in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        newest: dict[str, str] = {}
        for at, name in dated:
            newest.setdefault(at.strftime(period), name)
        kept |= set(list(newest.values())[:number])
    return [name for _at, name in dated if name not in kept]


def _copy_to_bucket(file: Path) -> None:
    if "backups" not in storages.backends:
        return
    bucket = storages["backups"]
    with file.open("rb") as stream:
        bucket.save(file.name, File(stream))
    _folders, names = bucket.listdir("")
    for name in expired(names):
        bucket.delete(name)


def proven_at() -> datetime | None:
    """Return when a backup was last restored into a scratch place without a difference."""
    with suppress(OSError):
        return datetime.fromtimestamp(settings.BACKUP_MARKER.stat().st_mtime, UTC)
    return None


def restore(file: Path, identity: Path | None) -> str:
    """Fill the empty database and `DATA_DIR` from the backup, and return in a few lines what was restored.

    A backup of SQLite can be restored into PostgreSQL. Raises `BackupError`, after which both are as empty as before.
    """
    if not databases.is_empty(connection):
        raise BackupError("The database has tables already, and nothing is ever overwritten: name an empty database.")
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    with unpacked(file, identity) as (folder, manifest):
        try:
            rows = _load(folder / DATABASE, manifest)
        except BaseException:
            _empty_again()
            raise
        kept = list(_place_files(folder / "data"))
        env = folder / ENV
        if env.exists():
            target = Path(settings.DATA_DIR, "env-from-backup")
            shutil.move(env, target)
            target.chmod(0o600)
    lines = [
        f"Restored the backup of {manifest['made_at'][:16].replace('T', ' ')}:",
        f"  {sum(rows.values()):,} rows in {len(rows)} tables, as many as in the backup",
        f"  {len(manifest['sha256']):,} files, all with their checksums",
        *(f"  {name} was there already and was left as it is" for name in kept),
    ]
    if ENV in manifest["sha256"]:
        lines.append(f"The backup's .env is {settings.DATA_DIR}/env-from-backup: copy what you need, then delete it.")
    return "\n".join(lines)


def _load(file: Path, manifest: dict[str, Any]) -> databases.Counts:
    """Fill the database, and return the number of rows of each table, which is that of the backup."""
    kind = manifest["database"]
    if kind == connection.vendor:
        databases.load(file, connection)
        found = databases.count_rows(connection)
        if found != manifest["rows"]:
            raise BackupError(f"Not all rows came back: {databases.differences(manifest['rows'], found)}.")
        return found
    if kind != "sqlite":
        raise BackupError("This is a backup of PostgreSQL: restore it there, then use `move_database`.")
    with databases.opened(databases.parse(f"sqlite:///{file}")) as source:
        databases.manage(f"sqlite:///{file}", "migrate", "--verbosity=0")
        call_command("migrate", verbosity=0)
        copied = databases.copy_rows(source, connection)
    call_command("update_index", verbosity=0)
    return copied


def _empty_again() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in map(connection.ops.quote_name, connection.introspection.table_names(cursor)):
                cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
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
