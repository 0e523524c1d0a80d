import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import migrate as djangos
from django.db import OperationalError, connection, connections
from django.db.utils import ConnectionHandler
from django.test import Client
from pytest_django import DjangoDbBlocker

from clinic.management.commands import migrate
from clinic.settings import environment
from tests.contact.factories import answers as form_answers
from tests.load.addresses import every_address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clinic.sqlite3"


@pytest.fixture
def handler(file: Path) -> ConnectionHandler:
    return ConnectionHandler({"default": environment.database(f"sqlite:///{file}")})


@pytest.fixture
def database(file: Path, handler: ConnectionHandler, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    file.touch()
    with django_db_blocker.unblock():
        database = handler["default"]
        ask(database, "CREATE TABLE pages (name)")
        yield database
        database.close()


def ask(database: Any, question: str) -> list[Any]:
    """Ask as a request does: Django looks after its connections at its beginning."""
    database.close_if_unusable_or_obsolete()
    with database.cursor() as cursor:
        return list(cursor.execute(question))


def test_a_file_that_is_gone_is_an_error_and_no_empty_clinic(database: Any, file: Path) -> None:
    away = file.rename(file.with_suffix(".away"))
    for _ in range(2):
        with pytest.raises(OperationalError):
            ask(database, "SELECT * FROM pages")
    assert not file.exists()
    away.rename(file)
    assert ask(database, "SELECT * FROM pages") == []


def test_another_file_in_its_place_is_read_at_once(database: Any, file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    ask(database, f"VACUUM INTO '{copy}'")
    ask(database, "INSERT INTO pages VALUES ('made after the copy')")
    for log in ("-wal", "-shm"):  # as docs/production.md says
        file.with_name(f"{file.name}{log}").unlink()
    copy.rename(file)
    assert ask(database, "SELECT * FROM pages") == []


def test_migrate_alone_begins_a_private_file(
    handler: ConnectionHandler, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "connections", handler)
    monkeypatch.setattr(djangos.Command, "execute", lambda *_args, **_options: None)
    migrate.Command().execute(database="default")
    assert file.exists()
    assert not file.stat().st_mode & 0o007


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks after its own files")
@pytest.mark.parametrize("head", [100, 0], ids=["SQLite's file", "no SQLite file"])
def test_a_corrupt_file_is_temporary_at_every_address(tmp_path: Path, monkeypatch: Any, head: int) -> None:
    # SQLite says in other words that it is no file of its own: where that is noticed shows at a few addresses.
    addresses = every_address("Ada") if head else ["/", "/search/?q=ims", "/admin/", "/django-admin/"]
    corrupt = tmp_path / "corrupt.sqlite3"
    whole = Path(connection.settings_dict["NAME"]).read_bytes()
    corrupt.write_bytes(whole[:head].ljust(len(whole), b"x"))
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(corrupt))
    client = Client(raise_request_exception=False, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}=anything"})
    needs_no_database = re.compile(r"/(style-|favicon.ico|healthz$|robots.txt|enquiry/sent/)")
    answers = {address: client.get(address) for address in addresses if not needs_no_database.match(address)}
    answers["Send"] = sent = client.post("/enquiry/", form_answers(message="Is there parking?"))
    connections.close_all()
    statuses = {address: (answer.status_code, answer.get("Retry-After")) for address, answer in answers.items()}
    assert {address: status for address, status in statuses.items() if status != (503, "300")} == {}
    assert "Is there parking?" in sent.text
