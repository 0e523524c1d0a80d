"""Purges at the same time as a change or another purge, and what they leave in the database's files."""

import subprocess
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, transaction

from contact.models import Enquiry, EnquiryEvent, Entry, PurgeRun
from contact.privacy import deletion
from contact.workflow.updates import update_enquiry
from tests.contact.at_once import at_once
from tests.contact.privacy.factories import make_due

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_an_enquiry_that_is_reopened_during_a_purge_is_not_deleted() -> None:
    enquiry = make_due()
    purging = Thread(target=at_once, args=[deletion.purge])
    with transaction.atomic():
        update_enquiry(enquiry, None, status="in_progress")
        purging.start()  # while this change is not yet committed
        purging.join(0.2)
    purging.join()
    assert Enquiry.objects.get().status == "in_progress"
    assert Entry.objects.count() == 2
    assert not PurgeRun.objects.exists()


def test_four_purges_at_once_delete_and_record_each_enquiry_once() -> None:
    references = sorted(make_due().reference for _ in range(20))
    at_once(*[partial(deletion.purge, confirmed=True)] * 4)
    assert not Enquiry.all_objects.exists()
    assert sorted(reference for run in PurgeRun.objects.all() for reference in run.references) == references
    purged = EnquiryEvent.objects.filter(kind="purged").values_list("reference", flat=True)
    assert sorted(purged) == references


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's files can be read here")
def test_no_file_of_the_database_contains_a_deleted_enquiry() -> None:
    make_due(message="Unmistakable words", name="Unmistakable name")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert b"Unmistakable" in bytes_of_the_database()
    deletion.purge()
    assert b"Unmistakable" not in bytes_of_the_database()


def bytes_of_the_database() -> bytes:
    """Read the files in another process: this one would lose its locks on them by closing what it has read."""
    files = [Path(connection.settings_dict["NAME"] + end) for end in ("", "-wal")]
    there = [file for file in files if file.exists()]
    return subprocess.run(["cat", *there], capture_output=True, check=True).stdout
