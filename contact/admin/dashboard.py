"""The dashboard: who is waiting, and where a manager still has to set an address for alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse

from contact.admin.filters import LONGEST_FIRST
from contact.models import DeskSettings, Enquiry
from contact.models.enquiry import WAITING
from contact.workflow.overview import overview, postponed


@dataclass(frozen=True)
class Dashboard:
    desk: dict[str, int]
    # Where a manager can set an address for alarms; empty if one is set.
    alarm_settings_url: str = ""
    first_url: str = ""


def dashboard(user: User, now: datetime) -> Dashboard:
    waiting = Enquiry.objects.filter(status__in=WAITING).exclude(postponed(now))
    first = waiting.order_by(*LONGEST_FIRST).values_list("pk", flat=True).first()
    first_url = reverse("admin:contact_enquiry_change", args=[first]) if first else ""
    return Dashboard(overview(user, now), _alarm_settings_url(user), first_url)


def _alarm_settings_url(user: User) -> str:
    if not user.has_perm("contact.change_desksettings"):
        return ""
    desk = DeskSettings.load()
    is_set = desk.alarm_email or desk.alarm_webhook
    return "" if is_set else reverse("wagtailsettings:edit", args=["contact", "desksettings"])
