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
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clinic.backup.archive import proven_at
from clinic.public.contact_fallback import contact_details
from contact.intake.promise import time_and_day
from contact.mail.smtp import AUTOMATIC, Letter, wrap
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


def set_alarm(kind: AlarmType, detail: str) -> None:
    """Raise the alarm, or update the detail of an active one; end it when the detail is empty. It names no patient."""
    if detail:
        Alarm.objects.update_or_create(kind=kind, ended_at=None, defaults={"detail": detail[:255]})
    else:
        Alarm.objects.filter(ended_at=None, kind=kind).update(ended_at=timezone.now())


def check_alarms(now: datetime | None = None) -> str:
    """Raise or end the alarms of `CHECKS`, and send those not sent yet; a job, once a minute."""
    for kind, check in CHECKS.items():
        set_alarm(kind, check(now or timezone.now()))
    return f"{send_alarms()} alarms to send"


def _stuck_mail(now: datetime) -> str:
    stuck = Message.objects.stuck(now).count()
    return f"{stuck} waiting for more than half an hour" if stuck else ""


def low_disk_space(_now: datetime) -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return f"{free // 2**20} MB left in {settings.DATA_DIR}" if free < LEAST_FREE_BYTES else ""


def _unproven_backup(now: datetime) -> str:
    """Only where the worker makes backups."""
    proven = proven_at() if settings.BACKUP_RECIPIENT else None
    is_late = proven and now - proven > PROOF_HOLDS
    return f"The last one was proven on {timezone.localtime(proven):%B %-d}" if is_late else ""


def _unusual_hour(now: datetime) -> str:
    """It ends once there are only half as many: it is sent once, not twice."""
    count, most = in_last_hour(now), DeskSettings.load().most_in_an_hour
    goes_on = count > most / 2 and Alarm.objects.filter(ended_at=None, kind=AlarmType.UNUSUAL_HOUR).exists()
    return f"{count:,} enquiries in an hour, please look" if count > most or goes_on else ""


def _unopened_urgent(now: datetime) -> str:
    """The alarm is sent again for each further enquiry."""
    opened = EnquiryEvent.objects.filter(reference=OuterRef("reference"), kind=EventType.SEEN)
    late = Enquiry.objects.filter(URGENT, ~Exists(opened), status__in=UNDECIDED, due_at__lt=now).order_by("due_at")
    references = list(late.values_list("reference", flat=True)[:20])
    active = Alarm.objects.filter(ended_at=None, kind=AlarmType.URGENT)
    known = active.values_list("detail", flat=True).first() or ""
    if any(reference not in known for reference in references):
        active.update(sent_at=None)
    return f"Please look now: {', '.join(references)}" if references else ""


# Each returns the alarm's detail, or nothing while all is well.
CHECKS = {
    AlarmType.UNDELIVERED: _stuck_mail,
    AlarmType.DISK_SPACE: low_disk_space,
    AlarmType.BACKUP: _unproven_backup,
    AlarmType.UNUSUAL_HOUR: _unusual_hour,
    AlarmType.URGENT: _unopened_urgent,
}


def send_alarms() -> int:
    """Send alarms not sent yet and all-clears, in a job, which one process at a time can claim; return how many."""
    over = Q(ended_at__isnull=False, sent_at__isnull=False, end_sent_at=None)
    due = list(Alarm.objects.filter(Q(ended_at=None, sent_at=None) | over))
    for alarm in due:
        arrived, error = send_alarm(alarm)
        sent = {"end_sent_at" if alarm.ended_at else "sent_at": timezone.now()} if arrived else {}
        Alarm.objects.filter(pk=alarm.pk).update(send_error=error[:255], **sent)
    return len(due)


def send_alarm(alarm: Alarm) -> tuple[bool, str]:
    """Send it each way that is set; return whether one succeeded, and the errors of the others."""
    desk = DeskSettings.load()
    ways = {"mail": (_by_email, desk.alarm_email), "web": (_by_webhook, desk.alarm_webhook)}
    errors: dict[str, str] = {}
    for name, (way, address) in ways.items():
        try:
            errors |= {name: way(alarm, address)} if address else {}
        except (OSError, UnicodeError) as error:  # the errors of smtplib and requests, too; UnicodeError: the host name
            logger.warning("An alarm could not be sent by %s: %s.", name, type(error).__name__)
            errors[name] = type(error).__name__
    if not errors:
        return False, "Neither an alarm address nor a web address is set."
    return "" in errors.values(), "; ".join(f"{name}: {error}" for name, error in errors.items() if error)


def _by_email(alarm: Alarm, address: str) -> str:
    connection = get_connection(timeout=SECONDS_TO_ANSWER, **settings.ALARM_MAIL)
    subject = f"{contact_details().name}: {_title(alarm)}"
    Letter(subject, wrap(_text(alarm)), to=[address], connection=connection, headers=AUTOMATIC).send()
    return ""


def _by_webhook(alarm: Alarm, address: str) -> str:
    alarm_json = {
        "clinic": contact_details().name,
        "alarm": alarm.kind,
        "state": "over" if alarm.ended_at else "raised",
        "text": _text(alarm),
        "raised_at": alarm.raised_at.isoformat(),
    }
    answer = requests.post(address, json=alarm_json, timeout=SECONDS_TO_ANSWER, allow_redirects=False)
    # A redirect took nothing either.
    return "" if answer.ok and not answer.is_redirect else f"answered {answer.status_code}"


def _title(alarm: Alarm) -> str:
    return f"{'Over: ' if alarm.ended_at else ''}{alarm.get_kind_display()}"


def _text(alarm: Alarm) -> str:
    detail = f"{alarm.detail}.\n" if alarm.detail and not alarm.ended_at else ""
    since = f"Since {time_and_day(alarm.raised_at, timezone.localdate())}."
    return f"{_title(alarm)}.\n{detail}{since}\nEnquiry desk: {settings.SITE_URL}/django-admin/"
