"""Delete enquiries with everything that belongs to them, and write the deletion record in the same transaction.

Rows are locked before they are judged: an enquiry that was reopened or put on legal hold a moment earlier is kept,
and two purges at once delete nothing twice. A process that is killed leaves enquiries and records as they were.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from contact.models import Enquiry, PurgeRun
from contact.models.event import EventType, record_each
from contact.privacy import erased_references
from contact.privacy.retention import close_answered, due, keep_days
from contact.statistics.counting import keep_tallies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest

Reason = PurgeRun.Reason
ON_REQUEST = (Reason.REQUEST, Reason.RESTORED)


def run_retention(now: datetime | None = None) -> str:
    """Do the nightly job: close, delete, and return in a few words what was done. Safe to run twice."""
    closed = close_answered(now)
    run = purge(now)
    return f"{closed} closed, {f'{run.total} deleted' if run else 'nothing to delete'}"


def purge(now: datetime | None = None) -> PurgeRun | None:
    """Delete what is due, and what a restored backup brought back; return the deletion record, if there is one."""
    with transaction.atomic():
        enquiries = due(now or timezone.now()).select_for_update(of=("self",))
        reasons = dict.fromkeys(erased_references.restored(), Reason.RESTORED)
        run = delete(reasons | {enquiry: Reason(enquiry.status) for enquiry in enquiries}, keep_days=keep_days())
    empty_write_ahead_log()
    return run


def delete(
    reasons: Mapping[Enquiry, PurgeRun.Reason],
    *,
    request: HttpRequest | None = None,
    keep_days: Mapping[str, int] | None = None,
) -> PurgeRun | None:
    """Delete these enquiries, each for its reason; return the deletion record, or None without enquiries.

    The caller's transaction has locked them.
    """
    if not reasons:
        return None
    keys = [enquiry.pk for enquiry in reasons]
    keep_tallies(keys)
    _, deleted = Enquiry.all_objects.filter(pk__in=keys).delete()
    received = [enquiry.received_at for enquiry in reasons]
    run = PurgeRun.objects.create(
        actor_name=request.user.get_username() if request else "",
        counts=dict(Counter(reasons.values())),
        related_rows=_related(deleted),
        references=sorted(enquiry.reference for enquiry in reasons),
        oldest_received_at=min(received),
        newest_received_at=max(received),
        keep_days=dict(keep_days or {}),
    )
    erased = [enquiry.reference for enquiry, reason in reasons.items() if reason in ON_REQUEST]
    record_each(EventType.ERASED, erased, request=request, detail=str(run))
    record_each(EventType.PURGED, set(run.references) - set(erased), request=request, detail=str(run))
    return run


def _related(deleted: Mapping[str, int]) -> dict[str, int]:
    """Return how many rows were deleted with the enquiries, by plural name: `{"outgoing e-mails": 31}`."""
    return {
        str(apps.get_model(label)._meta.verbose_name_plural): count
        for label, count in sorted(deleted.items())
        if label != Enquiry._meta.label and count
    }


def empty_write_ahead_log() -> None:
    """Truncate SQLite's write-ahead log, which would otherwise hold deleted rows until it is written over.

    The database file itself is overwritten with zeros (`secure_delete`, in the settings). While another process reads,
    the log stays as it is until the next run.
    """
    if connection.vendor == "sqlite" and not transaction.get_connection().in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
