"""Whether everything works: the banners in both admins, the line on the dashboard and `/healthz/worker`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.backup.archive import proven_at
from clinic.lib.http import read_only
from contact.mail import bounces
from contact.models import Alarm, Job, SyntheticCheck
from contact.monitoring.alarms import low_disk_space
from contact.monitoring.scheduler import SKEW
from contact.workflow.waiting import when

HEARTBEAT = "heartbeat"
HEARTBEAT_EVERY = timedelta(seconds=30)
# A worker that is starting, or waiting for one slow mail server, is not dead.
SILENT_AFTER = timedelta(minutes=3)
# The form is checked every morning: a check older than this was missed.
CHECK_HOLDS = timedelta(hours=36)


def beat() -> None:
    """Record that the worker is running; a thread of its own does it, which no long job and no slow mail holds up."""
    Job.objects.update_or_create(name=HEARTBEAT, defaults={"last_finished_at": timezone.now()})


def is_worker_alive(now: datetime | None = None) -> bool:
    """Return whether it showed so lately, and no job has run for longer than it ever should.

    A heartbeat from the future comes from a wrong clock and says nothing.
    """
    now = now or timezone.now()
    lately = Job.objects.filter(name=HEARTBEAT, last_finished_at__range=(now - SILENT_AFTER, now + SKEW))
    return lately.exclude(Exists(Job.objects.filter(claimed_until__lt=now - SILENT_AFTER))).exists()


def problems(now: datetime | None = None) -> dict[str, str]:
    """Return what is wrong, and for each what to do or know about it; nothing about any patient."""
    alarms = {str(alarm): f"{alarm.detail}." if alarm.detail else "" for alarm in Alarm.objects.filter(ended_at=None)}
    what_to_do = (
        "No e-mail is being sent, and scheduled jobs are not running. Tell whoever looks after the website’s server. "
        "(On the server: manage.py work.)"
    )
    return alarms if is_worker_alive(now) else {"The worker has stopped": what_to_do} | alarms


def unread_mail() -> list[str]:
    """Return “2 mails could not be read”: reports of undelivered mail that stay in the mailbox for a person to read."""
    state = Job.objects.filter(name=bounces.JOB).values_list("state", flat=True).first() or {}
    count = state.get("not_understood", 0)
    return [f"{count} mail{'s' if count > 1 else ''} could not be read"] if count else []


def status_line(now: datetime | None = None) -> tuple[str, bool]:
    """Return “All systems working · form checked today 6:10 a.m.”, or what is wrong in place of the first half; and
    whether all is well.
    """
    now = now or timezone.now()
    wrong = [*problems(now), *unread_mail()]
    check = SyntheticCheck.objects.conclusive().only("finished_at", "passed").first()
    if check is None or check.finished_at is None:
        checked = "form not checked yet"
    else:
        checked = f"form {'checked' if check.passed else 'check failed'} {when(check.finished_at, now)}"
        if now - check.finished_at > CHECK_HOLDS:
            wrong.append("The daily form check is overdue")
        elif not check.passed and not wrong:
            wrong.append("The check of the enquiry form failed")
    said = ["; ".join(wrong) or "All systems working", checked, *_backup(now)]
    return " · ".join(said), not wrong


def _backup(now: datetime) -> list[str]:
    """Return “backup proven 3 days ago”; nothing where the worker makes no backups."""
    if not settings.BACKUP_RECIPIENT:
        return []
    proven = proven_at()
    if proven is None:
        return ["no backup yet"]
    days = (timezone.localdate(now) - timezone.localdate(proven)).days
    return [f"backup proven {f'{days} days ago' if days > 1 else 'yesterday' if days == 1 else 'today'}"]


def _answer(conditions: dict[str, Callable[[], bool]]) -> HttpResponse:
    """Return `ok`, or 503 and what is wrong: the conditions that are not met, up to one that asks a silent database."""
    wrong = []
    try:
        for problem, is_met in conditions.items():
            wrong += [] if is_met() else [problem]
    except DatabaseError:
        wrong.append("the database does not answer")
    status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
    said = "; ".join(wrong) or "ok"
    return HttpResponse(said, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


_migrated = False


def is_migrated() -> bool:
    """Return whether all migrations of this code have run. Once they have, they are not read again."""
    global _migrated  # noqa: PLW0603  what was true once stays true for this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


@read_only
def readiness(_request: HttpRequest) -> HttpResponse:
    """Answer `deploy/update` or a load balancer. A full disk can be why the database is silent: it is asked first."""
    now = timezone.now()
    conditions = {"the disk is almost full": lambda: not low_disk_space(now), "the worker is silent": is_worker_alive}
    return _answer({**conditions, "migrations have to run": is_migrated})


@read_only
def worker_health(_request: HttpRequest) -> HttpResponse:
    """Answer an outside monitor."""
    return _answer({"the worker is silent": is_worker_alive})
