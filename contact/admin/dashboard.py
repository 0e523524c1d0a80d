"""The dashboard: what needs this person now, and where they may go from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils import timezone

from contact.admin.filters import LONGEST_FIRST, QUEUES
from contact.intake.promise import reply_policy
from contact.models import DeskSettings, Enquiry
from contact.models.enquiry import WAITING
from contact.workflow.overview import Overview, overview
from contact.workflow.waiting import IN_WORKING_HOURS, so_far, when_past

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


class Tile(NamedTuple):
    """`is_urgent`: someone has to act; the tile disappears once that is done."""

    number: int
    text: str
    note: str
    queue: str
    is_urgent: bool = False

    @property
    def url(self) -> str:
        return f"{reverse('admin:contact_enquiry_changelist')}?show={self.queue}"


@dataclass(frozen=True)
class Dashboard:
    desk: Overview
    tiles: list[Tile] = field(default_factory=list)
    in_order: list[str] = field(default_factory=list)
    # Where a manager can set an address for alarms; empty if one is set.
    alarm_settings_url: str = ""
    first_url: str = ""


def dashboard(user: User, now: datetime | None = None) -> Dashboard:
    now = now or timezone.now()
    desk = overview(user, now)
    tiles = [tile for tile in _tiles(desk, now) if tile.number]
    return Dashboard(desk, tiles, _in_order(desk), _alarm_settings_url(user), _first_url())


def _first_url() -> str:
    first = Enquiry.objects.filter(status__in=WAITING).order_by(*LONGEST_FIRST).values_list("pk", flat=True).first()
    return reverse("admin:contact_enquiry_change", args=[first]) if first else ""


def _tiles(desk: Overview, now: datetime) -> list[Tile]:
    """Return a tile for each queue, the urgent ones first."""
    longest = ""
    if since := desk.waiting_since:
        longest = f"longest since {when_past(since, now)}, {so_far(since, now, reply_policy().hours, IN_WORKING_HOURS)}"
    return [
        Tile(desk.flagged, "with a warning sign", "read these first, and call", "flagged", is_urgent=True),
        Tile(desk.overdue, "overdue", "past the promised time", "overdue", is_urgent=True),
        Tile(desk.undelivered, "with undelivered mail", "call, or correct the address", "undelivered", is_urgent=True),
        Tile(desk.waiting, "waiting for an answer", longest, "waiting"),
        Tile(desk.mine, "assigned to you", "of those waiting", "mine"),
        Tile(desk.unassigned, "unassigned", "assign them", "unassigned"),
        Tile(desk.suspected, "suspected spam", "check and decide", "suspected"),
    ]


def _in_order(desk: Overview) -> list[str]:
    return [QUEUES[name].empty for name in ("overdue", "undelivered", "suspected") if not getattr(desk, name)]


def _alarm_settings_url(user: User) -> str:
    if not user.has_perm("contact.change_desksettings"):
        return ""
    desk = DeskSettings.load()
    is_set = desk.alarm_email or desk.alarm_webhook
    return "" if is_set else reverse("wagtailsettings:edit", args=["contact", "desksettings"])


class Link(NamedTuple):
    group: str
    title: str
    description: str
    view: str
    permission: str
    arguments: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.arguments)


LINKS = (
    Link("Every day", "Enquiries", "Everyone who is waiting, and all other enquiries.",
         "admin:contact_enquiry_changelist", "contact.view_enquiry"),
    Link("Every day", "Outgoing mail", "What was sent, what is waiting, what came back.",
         "admin:contact_message_changelist", "contact.view_message"),
    Link("Every day", "Usual waits", "How long people wait for a first visit with each physiotherapist.",
         "admin:clinic_practitionerpage_changelist", "clinic.change_practitionerpage"),
    Link("Every day", "Statistics", "Twelve months: how many enquiries, and how soon they were answered.",
         "admin:contact_enquiry_numbers", "contact.view_enquiry"),
    Link("Records", "Activity log", "Every view, change, export and deletion.",
         "admin:contact_enquiryevent_changelist", "contact.view_enquiryevent"),
    Link("Records", "Activity log of one enquiry", "For a patient who asks who saw it, to print.",
         "admin:contact_enquiry_who_saw_search", "contact.view_enquiryevent"),
    Link("Records", "A person’s data", "Find, export or erase what is stored about a person.",
         "admin:contact_enquiry_person", "contact.erase_enquiry"),
    Link("Records", "Deletions", "What was deleted, when and why, to print.",
         "admin:contact_purgerun_changelist", "contact.view_purgerun"),
    Link("Records", "Audit of safeguards", "Checks of access, retention, backups and settings, to print.",
         "admin:contact_enquiry_safeguards", "contact.view_enquiryevent"),
    Link("Records", "System status", "Scheduled jobs, alarms, form checks and waiting mail.",
         "admin:contact_job_changelist", "contact.view_job"),
    Link("Settings", "Reply templates", "Ready-made texts for e-mail replies.",
         "admin:contact_replytext_changelist", "contact.change_replytext"),
    Link("Settings", "Warning signs", "Words that make the form show emergency advice first.",
         "admin:contact_redflag_changelist", "contact.change_redflag"),
    Link("Settings", "Enquiry desk", "The promised time, alarms, spam, and how long data is stored.",
         "wagtailsettings:edit", "contact.change_desksettings", ("contact", "desksettings")),
)  # fmt: skip


def links_for(user: User) -> list[Link]:
    """Return the pages that this person may open, in the order above."""
    return [link for link in LINKS if user.has_perm(link.permission)]
