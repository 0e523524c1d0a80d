"""Alarms: a banner in both admins, and one message to another e-mail address, a web address, or both.

These addresses (`DeskSettings`) should not depend on the clinic's own mail. They get a message when an alarm is
raised and another when it is over; neither says anything about a patient.
"""

import logging
import shutil
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clinic.backup.archive import proven_at
from clinic.public.contact_fallback import contact_details
from contact.mail.lines import AUTOMATIC, Letter, wrap
from contact.models import Alarm, DeskSettings, Enquiry, EnquiryEvent, Message
from contact.models.enquiry import UNDECIDED, URGENT
from contact.models.event import EventType
from contact.models.monitoring import AlarmType
from contact.screening.spam import in_last_hour

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 10
# A day of pictures and enquiries, with room for the database to be packed.
LEAST_FREE_BYTES = 500 * 2**20
PROOF_HOLDS = timedelta(days=8)
# Longer than both ways of sending can take.
LEASE = timedelta(minutes=2)


def set_alarm(kind: AlarmType, detail: str) -> None:
    """Raise the alarm, or update the detail of an active one; end it when the detail is empty. It names no patient."""
    active = Alarm.objects.active().filter(kind=kind)
    if not detail:
        active.update(ended_at=timezone.now())
    elif not active.update(detail=detail[:255]):
        try:
            with transaction.atomic():
                Alarm.objects.create(kind=kind, detail=detail[:255])
        except IntegrityError:
            logger.info("Another process raised the alarm %s.", kind)


def check_alarms(now: datetime | None = None) -> str:
    """Raise or end the alarms about mail and disk space, and send those not sent yet; a job, once a minute."""
    stuck = Message.objects.stuck(now or timezone.now()).count()
    set_alarm(AlarmType.UNDELIVERED, f"{stuck} waiting for more than half an hour" if stuck else "")
    free = shutil.disk_usage(settings.DATA_DIR).free
    left = f"{free // 2**20} MB left in {settings.DATA_DIR}"
    set_alarm(AlarmType.DISK_SPACE, left if free < LEAST_FREE_BYTES else "")
    check_backup(now)
    check_volume(now)
    check_urgent(now or timezone.now())
    return f"{stuck} messages stuck, {send_alarms()} alarms to send"


def check_backup(now: datetime | None = None) -> None:
    """Raise the alarm where the worker makes backups, but none was proven for so long."""
    proven = proven_at() if settings.BACKUP_RECIPIENT else None
    is_late = proven and (now or timezone.now()) - proven > PROOF_HOLDS
    detail = f"The last one was proven on {timezone.localtime(proven):%B %-d}" if is_late else ""
    set_alarm(AlarmType.BACKUP, detail)


def check_volume(now: datetime | None = None) -> None:
    """Raise the alarm in an unusual hour, and end it once there are only half as many: it is sent once, not twice."""
    count, most = in_last_hour(now), DeskSettings.load().most_in_an_hour
    goes_on = count > most / 2 and Alarm.objects.active().filter(kind=AlarmType.UNUSUAL_HOUR).exists()
    is_unusual = count > most or goes_on
    set_alarm(AlarmType.UNUSUAL_HOUR, f"{count:,} enquiries in an hour, please look" if is_unusual else "")


def check_urgent(now: datetime) -> None:
    """Raise the alarm while no one has opened an urgent enquiry in time, and again for each further one."""
    opened = EnquiryEvent.objects.filter(reference=OuterRef("reference"), kind=EventType.SEEN)
    late = Enquiry.objects.filter(URGENT, ~Exists(opened), status__in=UNDECIDED, due_at__lt=now).order_by("due_at")
    references = list(late.values_list("reference", flat=True)[:20])
    active = Alarm.objects.active().filter(kind=AlarmType.URGENT)
    known = active.values_list("detail", flat=True).first() or ""
    if any(reference not in known for reference in references):
        active.update(sent_at=None)
    set_alarm(AlarmType.URGENT, f"Please look now: {', '.join(references)}" if references else "")


def send_alarms() -> int:
    """Send each alarm that has not been sent, and each all-clear for one that has; return how many were due."""
    over = Q(ended_at__isnull=False, sent_at__isnull=False, end_sent_at=None)
    due = list(Alarm.objects.filter(Q(ended_at=None, sent_at=None) | over))
    for alarm in due:
        _send(alarm)
    return len(due)


def _send(alarm: Alarm) -> None:
    now = timezone.now()
    field = "end_sent_at" if alarm.ended_at else "sent_at"
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    if not Alarm.objects.filter(free, pk=alarm.pk, **{field: None}).update(claimed_until=now + LEASE):
        return
    arrived, error = send_alarm(alarm)
    sent = {field: timezone.now()} if arrived else {}
    Alarm.objects.filter(pk=alarm.pk).update(send_error=error[:255], claimed_until=None, **sent)


def send_alarm(alarm: Alarm) -> tuple[bool, str]:
    """Send it each way that is set; return whether one succeeded, and the errors of the others."""
    desk = DeskSettings.load()
    ways = [way for way, is_set in ((_by_email, desk.alarm_email), (_by_webhook, desk.alarm_webhook)) if is_set]
    if not ways:
        return False, "Neither an alarm address nor a web address is set."
    errors = [way(alarm, desk) for way in ways]
    return "" in errors, "; ".join(filter(None, errors))


def _by_email(alarm: Alarm, desk: DeskSettings) -> str:
    connection = get_connection(timeout=SECONDS_TO_ANSWER, **settings.ALARM_MAIL)
    mail = Letter(_subject(alarm), wrap(_text(alarm)), to=[desk.alarm_email], connection=connection, headers=AUTOMATIC)
    try:
        mail.send()
    except (OSError, UnicodeError) as error:  # smtplib's errors are OSErrors; UnicodeError: an impossible host name
        logger.warning("The alarm could not be sent by e-mail: %s.", type(error).__name__)
        return f"mail: {type(error).__name__}"
    return ""


def _by_webhook(alarm: Alarm, desk: DeskSettings) -> str:
    alarm_json = {
        "clinic": contact_details().name,
        "alarm": alarm.kind,
        "state": "over" if alarm.ended_at else "raised",
        "text": _text(alarm),
        "raised_at": alarm.raised_at.isoformat(),
    }
    try:
        answer = requests.post(desk.alarm_webhook, json=alarm_json, timeout=SECONDS_TO_ANSWER, allow_redirects=False)
    except OSError as error:
        logger.warning("The alarm could not be sent to its web address: %s.", type(error).__name__)
        return f"web: {type(error).__name__}"
    # A redirect took nothing either.
    return "" if answer.ok and not answer.is_redirect else f"web: answered {answer.status_code}"


def _subject(alarm: Alarm) -> str:
    return f"{contact_details().name}: {'Over: ' if alarm.ended_at else ''}{alarm.get_kind_display()}"


def _text(alarm: Alarm) -> str:
    lines = [f"{'Over: ' if alarm.ended_at else ''}{alarm.get_kind_display()}."]
    if alarm.detail and not alarm.ended_at:
        lines.append(f"{alarm.detail}.")
    lines.append(f"Since {timezone.localtime(alarm.raised_at):%A, %B %-d, %H:%M}.")
    lines.append(f"Enquiry desk: {settings.SITE_URL}/django-admin/")
    return "\n".join(lines)
