"""Where each role may go from the front panel. What somebody may not open is not shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Place:
    group: str
    title: str
    says: str
    view: str
    permission: str
    arguments: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return reverse(self.view, args=self.arguments)


PLACES = (
    Place("Every day", "Enquiries", "Who waits, and everybody else.",
          "admin:contact_enquiry_changelist", "contact.view_enquiry"),
    Place("Every day", "Outgoing mail", "What was sent, what waits, what came back.",
          "admin:contact_message_changelist", "contact.view_message"),
    Place("Every day", "Statistics", "Twelve months: how many enquiries, and how soon they were answered.",
          "admin:contact_enquiry_numbers", "contact.view_enquiry"),
    Place("On record", "Who saw or did what", "Every look, change, export and deletion.",
          "admin:contact_enquiryevent_changelist", "contact.view_enquiryevent"),
    Place("On record", "Who saw an enquiry", "The answer to a patient’s question, to print.",
          "admin:contact_enquiry_who_saw_search", "contact.view_enquiryevent"),
    Place("On record", "A person’s data", "What is kept about an address or number: give it out, or erase it.",
          "admin:contact_enquiry_person", "contact.erase_enquiry"),
    Place("On record", "Deletions", "What was deleted, when and why, to print.",
          "admin:contact_purgerun_changelist", "contact.view_purgerun"),
    Place("On record", "Audit of safeguards", "Live checks of access, retention, backups and settings, to print.",
          "admin:contact_enquiry_safeguards", "contact.view_enquiryevent"),
    Place("On record", "System status", "Scheduled jobs, alarms, form checks and waiting mail.",
          "admin:contact_job_changelist", "contact.view_job"),
    Place("Settings", "Ready-made replies", "What replies by e-mail begin with.",
          "admin:contact_replytext_changelist", "contact.change_replytext"),
    Place("Settings", "Warning signs", "Words that bring the emergency wording first.",
          "admin:contact_redflag_changelist", "contact.change_redflag"),
    Place("Settings", "Enquiry desk", "The promise, alarms, spam, how long things are kept.",
          "wagtailsettings:edit", "contact.change_desksettings", ("contact", "desksettings")),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    title: str
    places: list[Place]


def places_for(user: User) -> list[Group]:
    """Return the groups of places that this person may open, in the order above."""
    return list(_grouped(user))


def _grouped(user: User) -> Iterator[Group]:
    allowed = (place for place in PLACES if user.has_perm(place.permission))
    for title, places in groupby(allowed, key=lambda place: place.group):
        yield Group(title, list(places))
