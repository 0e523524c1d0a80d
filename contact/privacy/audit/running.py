"""What has to run by itself: the worker, the proof that the form works, alarms, mail, backups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from contact.jobs import plans
from contact.models import Alarm, DeskSettings, Job, Message, ProofRun
from contact.monitoring import heartbeat
from contact.privacy.audit.finding import Finding, counted, finding, moment

if TYPE_CHECKING:
    from pathlib import Path

BACKUP_WITHIN = timedelta(days=2)
RESTORE_WITHIN = timedelta(days=200)  # twice a year, and some to spare
PROOF_WITHIN = timedelta(hours=36)
# A daily job may be late by a night; what runs more often may not.
LATE_AFTER = timedelta(hours=36)
TWO_YEARS = timedelta(days=730)


def worker(now: datetime) -> Finding:
    return finding(
        "The worker",
        "When “manage.py work” last gave a sign of life; without it no mail goes out and nothing is deleted on time.",
        [moment(heartbeat.last_sign_of_life())],
        wrong=not heartbeat.is_alive(now),
        to_do="Start the worker and see that it is started with the machine (docs/production.md).",
    )


def jobs(now: datetime) -> Finding:
    rows = {job.name: job for job in Job.objects.all()}
    wrong, found = [], []
    for plan in plans():
        job = rows.get(plan.name)
        ended = job.last_finished_at if job else None
        is_late = ended is None or now - ended > LATE_AFTER
        error = f"; last error: {job.last_error}" if job and job.last_error else ""
        found.append(f"{plan.name}: last ended well {moment(ended)}{error}")
        wrong += [plan.name] if is_late or error else []
    return finding(
        "What runs by the clock",
        "When each job of the worker last ended well.",
        found,
        wrong=wrong,
        to_do=f"Find out why these did not end well: {', '.join(wrong)}.",
    )


def proof(now: datetime) -> Finding:
    last = ProofRun.objects.counting().first()
    good = ProofRun.objects.counting().filter(is_proven=True).first()
    is_good = last is not None and last.is_proven and now - last.started_at <= PROOF_WITHIN
    return finding(
        "Proof that the form works",
        "The daily canary through the public address, and the last that came through.",
        [
            f"Last tried {moment(last.started_at if last else None)}",
            f"Last proven {moment(good.started_at if good else None)}",
        ],
        wrong=not is_good,
        to_do="Run “manage.py prove_enquiries” and mend what it names.",
    )


def alarms(now: datetime) -> Finding:
    standing = list(Alarm.objects.standing())
    past = Alarm.objects.filter(raised_at__gte=now - TWO_YEARS)
    untold = past.filter(told_at=None).count()
    desk = DeskSettings.load()
    channels = [name for name, is_set in (("e-mail", desk.alarm_email), ("web address", desk.alarm_webhook)) if is_set]
    to_do = "Clear up what each standing alarm says. " if standing else ""
    to_do += "" if channels else "Name an alarm address with another provider (Settings, Enquiry desk)."
    return finding(
        "Alarms",
        "What stands now, what was raised in the last two years, and whether anybody would be told.",
        [
            *(f"Standing since {moment(alarm.raised_at)}: {alarm}" for alarm in standing),
            f"{counted(past.count(), 'alarm')} in two years, {untold} of them told to nobody",
            f"Told by: {' and '.join(channels) or 'nothing'}",
        ],
        wrong=to_do,
        to_do=to_do.strip(),
    )


def mail(now: datetime) -> Finding:
    stuck = Message.objects.needing_attention(now).count()
    return finding(
        "Mail that does not get through",
        "Messages that were refused, or have waited for half an hour or longer.",
        [counted(stuck, "message")],
        wrong=stuck,
        to_do="Look at Outgoing e-mail on the desk, and call where an address is wrong.",
    )


def backups(now: datetime) -> Finding:
    return _marked(
        now,
        settings.BACKUP_MARKER,
        BACKUP_WITHIN,
        "Backups",
        "When the backup job last touched its marker, as docs/production.md says.",
        "Let the backup job touch this file when it has ended well. Until then nobody knows that there is a backup.",
    )


def restores(now: datetime) -> Finding:
    return _marked(
        now,
        settings.BACKUP_MARKER.with_name("restore-tried"),
        RESTORE_WITHIN,
        "A restore, tried",
        "When somebody last tried that a backup can be restored, and touched this marker.",
        "Restore a backup on another machine, look at it, delete it there, and touch this file.",
    )


def _marked(now: datetime, marker: Path, within: timedelta, title: str, checked: str, to_do: str) -> Finding:
    try:
        touched = datetime.fromtimestamp(marker.stat().st_mtime, UTC)
    except OSError:
        touched = None
    # A clock that went wrong must not pass for a backup that has yet to be made.
    is_fresh = touched is not None and timedelta(minutes=-5) <= now - touched <= within
    return finding(title, checked, [f"{marker.name}: {moment(touched)}"], wrong=not is_fresh, to_do=to_do)
