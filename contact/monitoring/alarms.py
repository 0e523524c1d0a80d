"""Alarms: a banner on both admins, and one message by a second channel, which does not hang on the clinic's own mail.

The second channel is another address, a web address, or both (`DeskSettings`). It is told when an alarm is raised
and when it is over; no word of any patient goes that way.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.request import Request

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from clinic.lib.http import answer_to
from clinic.public.contact_fallback import contact_details
from contact.models import Alarm, DeskSettings, Message
from contact.models.watch import AlarmType

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 10
# Longer than both channels can take.
TELLING = timedelta(minutes=2)


def raise_alarm(kind: AlarmType, detail: str = "") -> None:
    """Raise the alarm, or bring what is known about a standing one up to date. `detail` names no patient."""
    if Alarm.objects.standing().filter(kind=kind).update(detail=detail[:255]):
        return
    try:
        with transaction.atomic():
            Alarm.objects.create(kind=kind, detail=detail[:255])
    except IntegrityError:
        logger.info("The alarm %s was raised by another process.", kind)


def end_alarm(kind: AlarmType) -> None:
    """End the alarm, if it stands: its cause is gone."""
    Alarm.objects.standing().filter(kind=kind).update(ended_at=timezone.now())


def look(now: datetime | None = None) -> str:
    """Raise or end the alarm about mail, tell what is to be told, and say what stands; done each minute."""
    now = now or timezone.now()
    stuck = Message.objects.stuck(now).count()
    if stuck:
        raise_alarm(AlarmType.UNDELIVERED, f"{stuck} waiting for more than half an hour")
    else:
        end_alarm(AlarmType.UNDELIVERED)
    tell_all()
    standing = Alarm.objects.standing().count()
    return f"{standing} standing" if standing else "all quiet"


def tell_all() -> None:
    """Tell the second channel of each alarm it has not heard of, and of each that is over since it heard of it."""
    for alarm in Alarm.objects.filter(Q(ended_at=None, told_at=None) | (_over() & Q(end_told_at=None))):
        _tell(alarm)


def _over() -> Q:
    return ~Q(ended_at=None) & ~Q(told_at=None)


def _tell(alarm: Alarm) -> None:
    now = timezone.now()
    free = Q(telling_until=None) | Q(telling_until__lte=now)
    is_over = alarm.ended_at is not None
    untold = {"end_told_at": None} if is_over else {"told_at": None}
    if not Alarm.objects.filter(free, pk=alarm.pk, **untold).update(telling_until=now + TELLING):
        return
    reached, error = second_channel(alarm)
    told = dict.fromkeys(untold, timezone.now()) if reached else {}
    Alarm.objects.filter(pk=alarm.pk).update(tell_error=error[:255], telling_until=None, **told)


def second_channel(alarm: Alarm) -> tuple[bool, str]:
    """Tell the alarm by each way that is set; return whether one was reached, and what went wrong with the others."""
    desk = DeskSettings.load()
    ways = [way for way, is_set in ((_by_mail, desk.alarm_email), (_by_web, desk.alarm_webhook)) if is_set]
    if not ways:
        return False, "Neither an alarm address nor a web address is set."
    errors = [way(alarm, desk) for way in ways]
    return "" in errors, "; ".join(error for error in errors if error)


def _by_mail(alarm: Alarm, desk: DeskSettings) -> str:
    connection = get_connection(timeout=SECONDS_TO_ANSWER, **settings.ALARM_MAIL)
    mail = EmailMessage(_headline(alarm), _text(alarm), to=[desk.alarm_email], connection=connection)
    try:
        mail.send()
    except (OSError, UnicodeError) as error:  # smtplib's errors are OSErrors, too; a host name may be none
        logger.warning("The alarm address was not reached: %s.", type(error).__name__)
        return f"mail: {type(error).__name__}"
    return ""


def _by_web(alarm: Alarm, desk: DeskSettings) -> str:
    words = {
        "clinic": contact_details().name,
        "alarm": alarm.kind,
        "state": "over" if alarm.ended_at else "raised",
        "text": _text(alarm),
        "raised_at": alarm.raised_at.isoformat(),
    }
    body = json.dumps(words).encode()
    # The address is the manager's own; the model lets only https pass.
    request = Request(desk.alarm_webhook, body, {"Content-Type": "application/json"})  # noqa: S310  as said above
    try:
        with answer_to(request, SECONDS_TO_ANSWER):
            pass
    except OSError as error:
        logger.warning("The alarm's web address was not reached: %s.", type(error).__name__)
        return f"web: {type(error).__name__}"
    return ""


def _headline(alarm: Alarm) -> str:
    over = "Over: " if alarm.ended_at else ""
    return f"{contact_details().name}: {over}{alarm.get_kind_display()}"


def _text(alarm: Alarm) -> str:
    since = timezone.localtime(alarm.raised_at).strftime("%A %-d %B, %H:%M")
    lines = [f"{alarm.get_kind_display()}." if not alarm.ended_at else f"Over: {alarm.get_kind_display()}."]
    if alarm.detail and not alarm.ended_at:
        lines.append(f"{alarm.detail}.")
    lines += [f"Since {since}.", f"The desk: {settings.SITE_URL}/django-admin/"]
    return "\n".join(lines)
