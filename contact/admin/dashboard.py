"""The dashboard: who is waiting, and where a manager still has to set an address for alarms."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from contact.admin.filters import LONGEST_FIRST
from contact.models import DeskSettings, Enquiry
from contact.models.enquiry import WAITING
from contact.workflow.overview import overview, postponed


def dashboard(user: User, now: datetime) -> dict[str, Any]:
    """Return the counts of the queues, the key of the first enquiry, and whether this person can set up alarms."""
    waiting = Enquiry.objects.filter(status__in=WAITING).exclude(postponed(now))
    desk = DeskSettings.load()
    return {
        "counts": overview(user, now),
        "first": waiting.order_by(*LONGEST_FIRST).values_list("pk", flat=True).first(),
        "lacks_alarms": user.has_perm("contact.change_desksettings") and not (desk.alarm_email or desk.alarm_webhook),
    }
