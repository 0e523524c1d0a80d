import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from clinic.backup import archive, databases
from clinic.backup.databases import BackupError
from tests import another_process, migrated_database

KEY = pyrage.x25519.Identity.generate()
ENQUIRIES = """
from contact.models import Enquiry
Enquiry.objects.create(name="Kim", message="Good morning", reference="K7-3F9Q")
Enquiry.objects.create(name="Zoë", message="Good afternoon")
"""
# Twice: the second time there are tables already. The first time too, for migrating would take half a minute.
MOVE = """
from unittest.mock import patch
from django.core.management import CommandError, call_command
with patch("clinic.backup.databases.is_empty", return_value=True), patch("clinic.backup.databases.manage") as manage:
    call_command("move_database", URL)
print(*(call.args[1] for call in manage.call_args_list))
try:
    call_command("move_database", URL)
except CommandError as error:
    print(error)
"""
NAMES = "print(*Enquiry.objects.order_by('pk').values_list('name', flat=True))"


class Place:
    """A data folder with a database, and `manage.py` on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.file = folder / "clinic.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def manage(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "manage.py", *map(str, arguments)])

    def run(self, script: str) -> str:
        return self._run(another_process.python(script)).stdout

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        folder = {"DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "clinic.settings.dev"}
        environment, root = another_process.environment(DATABASE_URL=self.url, **folder), another_process.ROOT
        return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)

    def names(self) -> str:
        with closing(sqlite3.connect(self.file)) as database:
            return " ".join(name for (name,) in database.execute("SELECT name FROM contact_enquiry ORDER BY id"))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {KEY.to_public()}\n{KEY}\n")
    return file


@pytest.fixture(scope="module")
def two_enquiries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Place(tmp_path_factory.mktemp("enquiries"))
    with migrated_database.alone():
        shutil.copyfile(migrated_database.sqlite_file(), place.file)
    place.run(ENQUIRIES)
    return place.file


@pytest.fixture
def clinic(tmp_path: Path, two_enquiries: Path) -> Place:
    """A site with two enquiries, one document and one cached page."""
    place = Place(tmp_path / "clinic")
    shutil.copyfile(two_enquiries, place.file)
    for name in ("media/documents/form.pdf", "state/erased-references.txt", "pages/copy.html"):
        (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / name).write_text("content of " + name)
    return place


@pytest.fixture
def migrated_url(tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a migrated database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        with migrated_database.alone():
            shutil.copyfile(migrated_database.sqlite_file(), tmp_path / "moved.sqlite3")
        yield f"sqlite:///{tmp_path}/moved.sqlite3"
        return
    name = f"{connection.settings_dict['NAME']}_moved"
    with migrated_database.alone(), django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_database.migrated_name()}"')
    yield another_process.environment()["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_proven_backup_comes_back_without_what_was_erased_since(
    clinic: Place, key_file: Path, tmp_path: Path
) -> None:
    made = clinic.manage("backup", "--recipient", KEY.to_public(), "--prove")
    assert "as many rows as the site" in made.stdout, made.stderr
    (file,) = (clinic.folder / "backups").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"content of" not in file.read_bytes()
    assert {marker.name for marker in (clinic.folder / "state").iterdir()} >= {"backup-proven"}

    elsewhere = Place(tmp_path / "elsewhere")
    (elsewhere.folder / "state").mkdir()
    (elsewhere.folder / "state/erased-references.txt").write_text("K7-3F9Q 2099-01-01T00:00:00+00:00\n")
    restored = elsewhere.manage("restore", file, "--identity", key_file)
    assert "as many as in the backup" in restored.stdout, restored.stderr
    assert "Retention: 0 closed, 1 deleted." in restored.stdout
    assert "state/erased-references.txt was there already" in restored.stdout
    assert clinic.names() == "Kim Zoë"
    assert elsewhere.names() == "Zoë"
    assert (elsewhere.folder / "media/documents/form.pdf").read_text() == "content of media/documents/form.pdf"
    assert not (elsewhere.folder / "pages").exists()

    again = elsewhere.manage("restore", file, "--identity", key_file)
    assert again.returncode == 1
    assert "tables already" in again.stderr


def test_a_database_moves_to_an_empty_one_and_the_old_one_stays(clinic: Place, migrated_url: str) -> None:
    said = clinic.run(MOVE.replace("URL", repr(migrated_url)))
    for words in ("each has as many as before", "migrate update_index", "tables in it already"):
        assert words in said
    assert clinic.names() == "Kim Zoë"
    clinic.url = migrated_url
    again = ENQUIRIES.replace("K7-3F9Q", "K7-3F9R")  # with numbers that follow the copied ones
    assert clinic.run(again + NAMES).strip() == "Kim Zoë Kim Zoë"


def test_nothing_is_written_unencrypted_unless_it_is_asked_for_nor_with_a_key_that_cannot_be_used(
    tmp_path: Path,
) -> None:
    with pytest.raises(CommandError, match="--unencrypted"):
        call_command("backup", to=tmp_path / "backups", recipient="")
    for recipient in ("age1nonsense", "ssh-rsa", "AGE-SECRET-KEY-1", "0"):
        with pytest.raises(BackupError, match="public key"):
            archive.parse_recipient(recipient)
    for text in ("", "# public key: age1", "AGE-SECRET-KEY-1NONSENSE", "-----BEGIN PRIVATE KEY-----"):
        (tmp_path / "key.txt").write_text(text)
        with pytest.raises(BackupError, match="private key"):
            archive.read_identities(tmp_path / "key.txt")


def packed(folder: Path, names: dict[str, str]) -> Path:
    """Pack these files of the folder under these names, with their manifest."""
    file, manifest = folder / "backup.tar", folder / "manifest"
    sums = archive.pack(file, [(name, folder / source) for name, source in names.items()])
    manifest.write_text(json.dumps({"format": archive.FORMAT, "sha256": sums}))
    with tarfile.open(file, "a") as tar:
        tar.add(manifest, archive.MANIFEST)
    return file


@pytest.mark.parametrize("suffix", [".tar", ".tar.age"])
def test_a_damaged_backup_is_refused(tmp_path: Path, settings: Settings, key_file: Path, suffix: str) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "content").write_bytes(b"x" * 50_000)
    file = packed(tmp_path, {archive.DATABASE: "content"})
    if suffix == archive.ENCRYPTED:
        plain, file = file, tmp_path / f"backup{suffix}"
        pyrage.encrypt_file(str(plain), str(file), [KEY.to_public()])
    with archive.unpacked(file, key_file) as (folder, _manifest):
        assert (folder / archive.DATABASE).exists()
    whole = file.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (whole[:middle], changed, b""):
        file.write_bytes(damaged)
        with pytest.raises(BackupError, match="backup"), archive.unpacked(file, key_file):
            pass


def test_settings_and_pictures_come_back_even_if_they_were_links(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "settings").write_text("SECRET_KEY=")
    (tmp_path / ".env").symlink_to(tmp_path / "settings")
    (tmp_path / "picture").write_text("a picture")
    (tmp_path / "picture").chmod(0o644)
    (tmp_path / "twice").hardlink_to(tmp_path / "picture")
    names = {"env": ".env", "data/picture": "picture", "data/twice": "twice"}
    with archive.unpacked(packed(tmp_path, names | {"data/gone": "gone"}), None) as (folder, manifest):
        assert manifest["sha256"].keys() == names.keys()
        for name, file in names.items():
            assert (folder / name).read_text() == (tmp_path / file).read_text()
        assert stat.S_IMODE((folder / "data/picture").stat().st_mode) == 0o644


def test_a_file_outside_of_the_archive_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    for name in ("../outside", "/etc/outside"):
        with tarfile.open(tmp_path / "backup.tar", "w") as tar:
            tar.addfile(tarfile.TarInfo(name))
        with pytest.raises(BackupError, match="not a file"), archive.unpacked(tmp_path / "backup.tar", None):
            pass


def test_backups_of_seven_days_four_weeks_and_twelve_months_are_kept() -> None:
    last = datetime(2026, 11, 29, 2, 30)  # noqa: DTZ001  local, as in the names
    names = [f"{last - timedelta(days=day):clinic-%Y%m%d-%H%M%S}.tar.age" for day in range(800)]
    gone = set(archive.expired([*names, "clinic-notes.txt", "other.tar"]))
    kept = [name for name in names if name not in gone]
    assert kept[:7] == names[:7]
    assert len(kept) == 7 + 3 + 11  # this week and this month begin with the newest
    assert kept[-1].startswith("clinic-20251231")
    assert not {"clinic-notes.txt", "other.tar"} & gone


def test_a_copy_that_differs_from_the_site_is_no_backup(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(databases, "dump", lambda file: file.write_text("rows") and {"a": 1, "b": 2})
    monkeypatch.setattr(databases, "rows_of_dump", lambda _file: {"a": 1, "c": 3})
    with pytest.raises(BackupError, match="b missing instead of 2, c 3 instead of none"):
        archive.make(tmp_path / "backups", "", prove=True)
    assert list((tmp_path / "backups").iterdir()) == []
