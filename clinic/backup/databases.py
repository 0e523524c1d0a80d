"""Dumping, loading, counting and copying whole databases, on SQLite and PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient
from django.db.models import Model, QuerySet

from clinic.settings import environment

Counts = dict[str, int]
ROWS_AT_ONCE = 500
# The index of the search in the admins, which each database keeps in a format of its own.
REBUILT = {"modelsearch", "wagtailsearch"}


class BackupError(Exception):
    """A backup, a restore or a move failed; the message says why, and what to do."""


def run(command: list[str], **environ: str) -> str:
    """Run the program and return what it printed. Raises `BackupError` with its own words if it fails."""
    try:
        done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed (on Debian: apt install postgresql-client).") from error
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def manage(url: str, *arguments: str) -> None:
    """Run a management command on another database than this process uses."""
    run([sys.executable, str(environment.BASE_DIR / "manage.py"), *arguments], DATABASE_URL=url)


def parse(url: str) -> dict[str, Any]:
    """Return the settings of the database that a `DATABASE_URL` names. Raises `BackupError` if it is malformed."""
    try:
        return connection.settings_dict | environment.database(url)
    except ValueError as error:
        raise BackupError(f"The address of the database is {error}") from error


@contextmanager
def opened(settings_dict: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    alias = f"other_{uuid4().hex}"
    connections.settings[alias] = settings_dict
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


def count_rows(database: BaseDatabaseWrapper) -> Counts:
    with database.cursor() as cursor:
        return {table: _count(cursor, database, table) for table in sorted(database.introspection.table_names(cursor))}


def _count(cursor: Any, database: BaseDatabaseWrapper, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {database.ops.quote_name(table)}")  # noqa: S608  a table's own name, quoted
    return int(cursor.fetchone()[0])


def differences(expected: Counts, found: Counts) -> str:
    """Return the tables with another number of rows, such as “contact_enquiry 12 instead of 13”; none: empty."""
    tables = sorted(expected.keys() | found.keys())
    wrong = [name for name in tables if expected.get(name) != found.get(name)]
    return ", ".join(f"{name} {found.get(name, 'missing')} instead of {expected.get(name, 'none')}" for name in wrong)


def is_empty(database: BaseDatabaseWrapper) -> bool:
    """Return whether it has no tables, or is an SQLite file that does not exist yet."""
    is_new = database.vendor == "sqlite" and not database.settings_dict["NAME"].exists()
    return is_new or not database.introspection.table_names()


def dump(file: Path) -> Counts:
    """Write the site's database into the file while the site runs, and return the row counts of the same moment."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        with opened(parse(f"sqlite:///{file}")) as copied:
            return count_rows(copied)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
        _run_client("pg_dump", options, connection.settings_dict)
        return count_rows(connection)


def load(file: Path, database: BaseDatabaseWrapper) -> None:
    """Fill the empty database from such a file of the same kind."""
    database.close()
    if database.vendor == "sqlite":
        target = database.settings_dict["NAME"]
        shutil.copyfile(file, target)
        target.chmod(0o640)
    else:
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)]
        _run_client("pg_restore", options, database.settings_dict)


def _run_client(program: str, options: list[str], settings_dict: dict[str, Any]) -> None:
    """Run one of PostgreSQL's programs with the connection's own host, user and password."""
    (_psql, *where, name), environ = DatabaseClient.settings_to_cmd_args_env(settings_dict, [])
    run([program, *where, f"--dbname={name}", *options], **(environ or {}))


def rows_of_dump(file: Path) -> Counts:
    """Load such a file into a database made for it, and return the number of rows of each table there.

    Raises `BackupError` if the file is damaged, or if the site's user may not create databases in PostgreSQL.
    """
    if connection.vendor == "sqlite":
        with opened(parse(f"sqlite:///{file}")) as database, database.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (found := cursor.fetchone()[0]) != "ok":
                raise BackupError(f"The copy of the database is damaged: {found}")
            return count_rows(database)
    scratch = connection.settings_dict | {"NAME": f"clinic_proof_{uuid4().hex}"}
    _run_client("psql", [f"--command=CREATE DATABASE {scratch['NAME']}"], connection.settings_dict)
    try:
        with opened(scratch) as database:
            load(file, database)
            return count_rows(database)
    finally:
        _run_client("psql", [f"--command=DROP DATABASE {scratch['NAME']}"], connection.settings_dict)


def move(target_url: str) -> Counts:
    """Copy the site's database into an empty one, and return the number of rows of each table. Raises `BackupError`."""
    with opened(parse(target_url)) as target:
        if not is_empty(target):
            raise BackupError("There are tables in it already: name an empty database.")
        manage(target_url, "migrate", "--verbosity=0")
        copied = copy_rows(connection, target)
    manage(target_url, "update_index", "--verbosity=0")
    return copied


def copy_rows(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> Counts:
    """Replace what is in the migrated target with the rows of all models; return the number of rows of each table.

    All or nothing: the source is only read, and the target stays as it was if anything fails. `update_index` has to
    fill the index of the admins' search afterwards.
    """
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in REBUILT
    ]
    tables = [model._meta.db_table for model in models]
    with transaction.atomic(using=target.alias), target.cursor() as cursor:
        for statement in target.ops.sql_flush(no_style(), tables, allow_cascade=True):
            cursor.execute(statement)
        counts = {model._meta.db_table: _copy_model(model, source, target) for model in models}
        for statement in target.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        target.check_constraints()
        if (found := {table: _count(cursor, target, table) for table in tables}) != counts:
            raise BackupError(f"Not all rows were copied: {differences(counts, found)}.")
    return counts


def _copy_model(model: type[Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> int:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    columns = ", ".join(target.ops.quote_name(str(field.column)) for field in fields)
    table, marks = target.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  the model's own names, quoted
    found: QuerySet[Model, Any] = QuerySet(model, using=source.alias).values_list(*(field.attname for field in fields))
    rows, count = found.order_by("pk").iterator(ROWS_AT_ONCE), 0
    with target.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            values = ([f.get_db_prep_save(v, target) for f, v in zip(fields, row, strict=True)] for row in batch)
            cursor.executemany(insert, list(values))
            count += len(batch)
    return count
