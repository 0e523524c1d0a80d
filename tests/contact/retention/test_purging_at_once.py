"""Purges at the same moment as people, as other purges, and cut off in the middle."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from contact.models import Enquiry, EnquiryEvent, Entry, Message, PurgeRun
from contact.privacy.retention import deletion
from contact.privacy.retention.verification import verify
from contact.workflow.updates import update_enquiry
from tests.another_process import environment, python
from tests.contact.retention.factories import make_due

if TYPE_CHECKING:
    from collections.abc import Callable

committing = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def in_another_thread(work: Callable[[], object]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@committing
def test_who_takes_an_enquiry_up_again_in_the_same_moment_keeps_it() -> None:
    enquiry = make_due()
    with transaction.atomic():
        update_enquiry(enquiry, None, status="in_progress")
        # Another process looks for what is due while this change is not yet committed.
        purging = in_another_thread(deletion.purge)
        purging.join(0.5)
    purging.join(30)
    assert Enquiry.objects.get().status == "in_progress"
    assert Entry.objects.count() == 2
    assert [run.total for run in PurgeRun.objects.all()] == [0]


@committing
def test_four_at_once_delete_each_enquiry_once_and_keep_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletion, "BATCH", 3)
    references = {make_due().reference for _ in range(20)}
    threads = [in_another_thread(deletion.purge) for _ in range(4)]
    for thread in threads:
        thread.join(60)
    assert not Enquiry.all_objects.exists()
    assert sum(run.total for run in PurgeRun.objects.all()) == 20
    purged = EnquiryEvent.objects.filter(kind="purged").exclude(reference="").values_list("reference", flat=True)
    assert sorted(purged) == sorted(references)
    assert verify().faults == []


KILLED_IN_THE_MIDDLE = """
import os, signal
from contact.privacy.retention import deletion, ledger
deletion.BATCH = 2
write = ledger.add
def add(**what):
    run = write(**what)
    if run.number == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # deleted and written, not committed
    return run
ledger.add = add
deletion.purge()
"""


@committing
def test_a_purge_killed_in_the_middle_leaves_deletions_and_ledger_in_step() -> None:
    for _ in range(5):
        make_due()
    killed = subprocess.run(python(KILLED_IN_THE_MIDDLE), env=environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (Enquiry.objects.count(), Message.objects.count(), PurgeRun.objects.count()) == (3, 6, 1)
    assert verify().faults == []
    assert deletion.purge().total == 3
    assert verify().faults == []


@committing
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its files to itself")
def test_what_was_deleted_stands_in_no_file_of_the_database() -> None:
    make_due(message="Unmistakable words", name="Unmistakable name")
    with connection.cursor() as cursor:
        # Some builds of SQLite do so anyway; the site does not depend on it.
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert b"Unmistakable" in bytes_of_the_database()
    deletion.purge()
    assert b"Unmistakable" not in bytes_of_the_database()


def bytes_of_the_database() -> bytes:
    """Read by another process: this one would lose its locks on the file as soon as it closes what it has read."""
    files = [Path(connection.settings_dict["NAME"] + end) for end in ("", "-wal")]
    there = [file for file in files if file.exists()]
    return subprocess.run(["cat", *there], capture_output=True, check=True).stdout
