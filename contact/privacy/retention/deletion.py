"""Delete enquiries with all that hangs on them. A deletion and its row in the ledger are one transaction.

Rows are locked before they are judged (`SELECT … FOR UPDATE` judges again once it has the lock; on SQLite every
transaction is the only writer): whoever reopens an enquiry or puts it on legal hold a moment earlier keeps it.
A process that is killed leaves both the enquiries and the ledger as they were before its last batch.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from contact.models import Enquiry, EnquiryWord, PurgeRun
from contact.models.activity import record_each
from contact.models.event import EventType
from contact.privacy.retention import erasures, ledger
from contact.privacy.retention.rules import Rules
from contact.statistics.keeping import remember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

# As many enquiries in one transaction, and one row of the ledger; nobody at the desk waits longer than a moment.
BATCH = 500


@dataclass
class Purged:
    """What a purge did: the rows of the ledger that it wrote."""

    runs: list[PurgeRun] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(run.total for run in self.runs)

    def __str__(self) -> str:
        return f"{self.total} deleted" if self.total else "nothing to delete"


def purge(now: datetime | None = None) -> Purged:
    """Delete what has been kept long enough, in batches, and account for it in the ledger.

    Also when nothing was due: one row a day says so, and proves that somebody looked.
    """
    now = now or timezone.now()
    done = Purged()
    while run := ledger.again_if_outrun(lambda: _purge_batch(now)):
        done.runs.append(run)
    if run := ledger.again_if_outrun(_erase_what_came_back):
        done.runs.append(run)
    if done.runs:
        leave_no_copies()
    elif run := ledger.again_if_outrun(lambda: _say_that_nothing_was_due(now)):
        done.runs.append(run)
    return done


def _purge_batch(now: datetime) -> PurgeRun | None:
    rules = Rules.in_force()
    enquiries = list(rules.due(now).select_for_update(of=("self",))[:BATCH])
    if not enquiries:
        return None
    return destroy(enquiries, PurgeRun.Reason.RETENTION, rules=rules)


def _erase_what_came_back() -> PurgeRun | None:
    enquiries = list(erasures.come_back().select_for_update(of=("self",)))
    return destroy(enquiries, PurgeRun.Reason.REQUEST) if enquiries else None


def _say_that_nothing_was_due(now: datetime) -> PurgeRun | None:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # By the number, which is what two processes compete for: both see the same last row.
    last = PurgeRun.objects.filter(reason=PurgeRun.Reason.RETENTION).order_by("number").last()
    if last and last.started_at >= midnight:
        return None
    return ledger.add(reason=PurgeRun.Reason.RETENTION, rules=Rules.in_force().as_json(), started_at=timezone.now())


def destroy(
    enquiries: Sequence[Enquiry],
    reason: PurgeRun.Reason,
    *,
    rules: Rules | None = None,
    request: HttpRequest | None = None,
) -> PurgeRun:
    """Delete these enquiries, which the caller's transaction has locked, and write the ledger's row and the events."""
    started_at = timezone.now()
    remember(enquiry.pk for enquiry in enquiries)
    _, deleted = Enquiry.all_objects.filter(pk__in=[enquiry.pk for enquiry in enquiries]).delete()
    received = [enquiry.received_at for enquiry in enquiries]
    run = ledger.add(
        reason=reason,
        request=request,
        started_at=started_at,
        enquiries=dict(Counter(enquiry.status for enquiry in enquiries)),
        related_rows=_in_words(deleted),
        rules=rules.as_json() if rules else {},
        oldest_received_at=min(received),
        newest_received_at=max(received),
    )
    kind = EventType.ERASED if reason == PurgeRun.Reason.REQUEST else EventType.PURGED
    record_each(kind, [enquiry.reference for enquiry in enquiries], request=request, detail=str(run))
    return run


def _in_words(deleted: dict[str, int]) -> dict[str, int]:
    """Return how many rows went with the enquiries, by what they are called: `{"outgoing e-mails": 31}`."""
    return {
        str(apps.get_model(label)._meta.verbose_name_plural): count
        for label, count in sorted(deleted.items())
        # The search's words are the enquiry's own, once more.
        if label not in (Enquiry._meta.label, EnquiryWord._meta.label) and count
    }


def leave_no_copies() -> None:
    """Empty SQLite's write-ahead log: deleted words stand in it until it is written over.

    The database file itself is overwritten with zeros (`secure_delete`, in the settings). While somebody reads, the
    log stays as it is; the next run, or SQLite itself, empties it then.
    """
    if connection.vendor == "sqlite" and not transaction.get_connection().in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
