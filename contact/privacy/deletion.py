"""Close and delete enquiries as `DeskSettings` says, and write the deletion record in the same transaction.

Rows are locked before they are judged: an enquiry that was reopened or put on legal hold a moment earlier is kept,
and two purges at once delete nothing twice. A process that is killed leaves enquiries and records as they were.

A file outside the database has the reference and time of each enquiry that was erased on request. When an older copy of
the database is restored, the next purge reads it and erases those enquiries again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clinic.lib.logs import failures_logged
from contact.models import DeskSettings, Enquiry, EnquiryEvent, Entry, Job, Message, PurgeRun
from contact.models.enquiry import WAITING, Status
from contact.models.event import EventType, record_each
from contact.models.message import MessageType
from contact.monitoring.scheduler import JobError
from contact.statistics import keep_tallies
from contact.workflow.activity_log import READING
from contact.workflow.updates import StaleError, update_enquiry

Reason = PurgeRun.Reason
JOB = "purge_enquiries"
NIGHTLY = timedelta(hours=36)
# So few are not unusual, whatever was deleted before.
FEW = 10
LATEST_NIGHTS = 30
ON_REQUEST = (Reason.REQUEST, Reason.RESTORED)


class UnusualPurgeError(JobError):
    """Much more is due than on other nights: a wrong clock or setting, perhaps. A person has to confirm it."""


def keep_days() -> dict[str, int]:
    """Return how many days an enquiry is kept after it was closed, or found to be spam."""
    desk = DeskSettings.load()
    return {Status.CLOSED: desk.keep_closed_days, Status.SPAM: desk.keep_spam_days}


def due(now: datetime) -> QuerySet[Enquiry]:
    """Return the enquiries to delete: never one that is open, only suspected of being spam, or on legal hold."""
    ended = Q(pk=None)
    for status, days in keep_days().items():
        ended |= Q(status=status, closed_at__lte=now - timedelta(days=days))
    return Enquiry.objects.filter(ended, legal_hold=False).order_by("pk")


def close_answered(now: datetime | None = None) -> int:
    """Close answered enquiries without activity for as many days as the settings say; return how many."""
    now = now or timezone.now()
    closed = 0
    then = now - timedelta(days=DeskSettings.load().close_answered_after_days)
    # A list: SQLite cannot write while a query is being read if another process has written since.
    for enquiry in list(inactive_since(then)):
        try:
            update_enquiry(enquiry, None, seen=enquiry.revision, status=Status.CLOSED)
        except (StaleError, Enquiry.DoesNotExist):
            continue  # changed or deleted a moment ago
        closed += 1
    return closed


def inactive_since(then: datetime) -> QuerySet[Enquiry]:
    """Return those answered, or waiting for the patient, without a note, call, mail or decision since `then`."""
    about = {"enquiry": OuterRef("pk")}
    mail = Q(created_at__gt=then) | Q(sent_at__gt=then) | Q(bounced_at__gt=then)
    unsent_reply = Q(kind=MessageType.REPLY, sent_at=None)
    # Reading an enquiry or giving it out does not make it active again.
    events = EnquiryEvent.objects.filter(reference=OuterRef("reference"), at__gt=then).exclude(kind__in=READING)
    return Enquiry.objects.filter(
        ~Exists(Entry.objects.filter(**about, at__gt=then)),
        ~Exists(Message.objects.filter(mail | unsent_reply, **about)),
        ~Exists(events),
        Q(status=Status.ANSWERED, answered_at__lte=then)
        | Q(status__in=WAITING, waiting_for_patient=True, received_at__lte=then),
    )


def run_retention(now: datetime | None = None, **options: Any) -> str:
    """Do the nightly job: close and `purge`, with its options and errors; say what was done. Safe to run twice."""
    closed = close_answered(now)
    run = purge(now, **options)
    return f"{closed} closed, {f'{run.total} deleted' if run else 'nothing to delete'}"


def purge(
    now: datetime | None = None, *, confirmed: bool = False, request: HttpRequest | None = None
) -> PurgeRun | None:
    """Delete what is due, and what a restored backup brought back; return the deletion record, if there is one.

    Raises `UnusualPurgeError`, and leaves what is due, if that is unusually much and nobody has `confirmed` it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        enquiries = list(due(now).select_for_update(of=("self",)))
        is_allowed = confirmed or not is_unusual(len(enquiries), now)
        reasons = dict.fromkeys(erased_but_restored(), Reason.RESTORED)
        if is_allowed:
            reasons |= {enquiry: Reason(enquiry.status) for enquiry in enquiries}
        run = delete(reasons, request=request)
    empty_write_ahead_log()
    if not is_allowed:
        raise UnusualPurgeError(
            f"{len(enquiries)} enquiries are due for deletion, far more than usual. If today is "
            f"{timezone.localdate(now):%B %-d, %Y} and the retention settings are right, confirm it under Deletions"
        )
    return run


def is_unusual(number: int, now: datetime) -> bool:
    """Return whether so many are far more than on any of the last nights that something was deleted.

    A few are unusual, too, where the nightly job has not run for days: the clock may have leapt.
    """
    last = Job.objects.filter(name=JOB).values_list("last_finished_at", flat=True).first()
    few = 0 if last and abs(now - last) > NIGHTLY else FEW
    nights = PurgeRun.objects.filter(actor_name="")[:LATEST_NIGHTS]
    usual = max((run.counts.get(Reason.CLOSED, 0) + run.counts.get(Reason.SPAM, 0) for run in nights), default=0)
    return number > max(few, 2 * usual)


def delete(reasons: Mapping[Enquiry, PurgeRun.Reason], *, request: HttpRequest | None = None) -> PurgeRun | None:
    """Delete these, which the caller has locked, each for its reason; return the record, or None without enquiries."""
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
        keep_days=keep_days(),
    )
    erased = [enquiry.reference for enquiry, reason in reasons.items() if reason in ON_REQUEST]
    record_each(EventType.ERASED, erased, request=request, detail=str(run))
    record_each(EventType.PURGED, set(run.references) - set(erased), request=request, detail=str(run))
    return run


def remember_erased(references: Iterable[str]) -> None:
    """Append the references. A file that cannot be written is logged: the enquiries are erased all the same."""
    now = timezone.now().isoformat()
    with failures_logged(f"The erased references could not be written to {_erased_file()}", OSError):
        _erased_file().parent.mkdir(parents=True, exist_ok=True)
        with _erased_file().open("a", encoding="utf-8") as file:
            file.writelines(f"{reference} {now}\n" for reference in references)


def erased_but_restored() -> list[Enquiry]:
    """Return, locked, the enquiries that were erased and are in the database again, without those on legal hold.

    An enquiry that arrived later and happens to have the same reference is not among them.
    """
    erased: dict[str, datetime] = {}
    # The other enquiries are deleted on time all the same.
    unreadable = f"The erased references could not be read from {_erased_file()}"
    with failures_logged(unreadable, OSError), suppress(FileNotFoundError):
        pairs = (line.partition(" ") for line in _erased_file().read_text("utf-8").splitlines())
        erased = {reference: at for reference, _blank, time in pairs if (at := parse_datetime(time.strip()))}
    found = Enquiry.objects.filter(reference__in=erased, legal_hold=False).order_by("pk")
    return [one for one in found.select_for_update(of=("self",)) if one.received_at < erased[one.reference]]


def _erased_file() -> Path:
    return Path(settings.STATE_DIR) / "erased-references.txt"


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
