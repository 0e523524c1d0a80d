"""The ledger of deletions: each row holds the hash of the row before it, so no row can be changed or taken away.

A row's hash is the SHA-256 of its canonical form: the fields of `HASHED` as one JSON object in UTF-8, its keys
sorted, without blanks, times in UTC as ISO 8601 with microseconds. Who has a row can compute its hash with any tool.
The chain alone does not show that the last row is missing, or that all was written anew. So each row's number and
hash stand in two more places: in the record of events, and signed in a file outside of the database (`witness.py`).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from contact.models import PurgeRun
from contact.models.activity import record
from contact.models.event import EventType
from contact.models.watch import AlarmType
from contact.monitoring import alarms
from contact.privacy.retention import witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

HASHED = (
    "number", "started_at", "finished_at", "reason", "enquiries", "related_rows", "rules", "oldest_received_at",
    "newest_received_at", "actor_name", "previous_hash",
)  # fmt: skip
RACES = 5
# A process that was killed right after the first row of all has written no file; the same night's check does.
YOUNG = timedelta(hours=1)
MISSING = (
    "The file outside of the database is missing: whether the ledger's last rows were removed cannot be told. "
    "If it was lost, take the ledger as it is: manage.py verify_ledger --restored."
)
Result = TypeVar("Result")


def canonical(run: PurgeRun) -> bytes:
    fields = {name: _as_json(getattr(run, name)) for name in HASHED}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(run: PurgeRun) -> str:
    return hashlib.sha256(canonical(run)).hexdigest()


def add(*, reason: PurgeRun.Reason, request: HttpRequest | None = None, **what: Any) -> PurgeRun:
    """Append a row, inside of the transaction that deletes, and record its hash among the events.

    Raises `IntegrityError` when another process took the same number: the transaction has to be done again.
    """
    last = PurgeRun.objects.order_by("number").last()
    run = PurgeRun(
        number=last.number + 1 if last else 1,
        reason=reason,
        finished_at=timezone.now(),
        actor_name=request.user.get_username() if request else "",
        previous_hash=last.hash if last else "",
        **what,
    )
    run.hash = hash_of(run)
    run.save(force_insert=True)
    kind = EventType.ERASED if reason == PurgeRun.Reason.REQUEST else EventType.PURGED
    record(kind, request=request, detail=head(run.number, run.hash))
    # Robust: what was deleted is deleted, whatever becomes of the file.
    transaction.on_commit(lambda: _tell_witness(run), robust=True)
    return run


def _tell_witness(run: PurgeRun) -> None:
    """Let the file outside know the row; not where it knows better: it is the evidence that rows were taken away."""
    if said := said_against():
        alarms.raise_alarm(AlarmType.LEDGER_BROKEN, said)
        return
    known = witness.recall()
    if known is None or known.number < run.number:
        witness.keep(run.number, run.hash)


def said_against() -> str:
    """Return what the file outside of the database has against the rows, in a sentence; nothing when they agree."""
    try:
        known = witness.recall()
    except witness.ForgedError:
        return "The file outside of the database was not written by this site, or with another SECRET_KEY."
    # After the file, so that what is added meanwhile is in them.
    rows = PurgeRun.objects.order_by("number")
    if known is None:
        first = rows.first()
        return MISSING if first and first.finished_at <= timezone.now() - YOUNG else ""
    last = rows.last()
    if last is None or last.number < known.number:
        return (
            f"The ledger ends with row {last.number if last else 0}; the file outside of the database knows row "
            f"{known.number}. Rows were removed, or an older copy of the database was restored."
        )
    if not rows.filter(number=known.number, hash=known.hash).exists():
        return f"Row {known.number} is not the one that the file outside of the database knows."
    return ""


def head(number: int, digest: str) -> str:
    """Return the words of an event that says which row was written: `Purge 12: 5f2c…`."""
    return f"{PurgeRun(number=number)}: {digest}"


def again_if_outrun(work: Callable[[], Result]) -> Result:
    """Do what ends with `add`, once more where another process took the same number a moment earlier."""
    for _ in range(RACES - 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError:
            continue
    with transaction.atomic():
        return work()


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
