"""The front panel: what needs this person now, in the words that it stands there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from contact.admin.tabs import LONGEST_FIRST, WAIT
from contact.intake.promise import reply_policy
from contact.models import DeskSettings, Enquiry
from contact.workflow.overview import Overview, first_of_those_who_wait, overview
from contact.workflow.waiting import IN_WORKING_HOURS, so_far, when_past

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

NO_SECOND_CHANNEL = "Alarms reach nobody outside of this desk."


@dataclass(frozen=True)
class Tile:
    """`is_urgent`: somebody has to act, and it is gone as soon as that is done."""

    number: int
    text: str
    note: str
    address: str
    is_urgent: bool = False


@dataclass(frozen=True)
class ToSetUp:
    """What is not set yet, and where it is set, by name and address."""

    text: str
    place: str
    address: str


@dataclass(frozen=True)
class Panel:
    desk: Overview
    tiles: list[Tile] = field(default_factory=list)
    # What is in order, in one quiet line.
    in_order: list[str] = field(default_factory=list)
    to_set_up: list[ToSetUp] = field(default_factory=list)
    # The enquiry that comes first of all that wait.
    first_address: str = ""


def panel(user: User, now: datetime | None = None) -> Panel:
    now = now or timezone.now()
    desk = overview(user, now)
    tiles = [tile for tile in _tiles(desk, now) if tile.number]
    first_address = _first_address() if desk.waiting else ""
    return Panel(desk, tiles, _in_order(desk), _to_set_up(user), first_address)


def _first_address() -> str:
    first = LONGEST_FIRST.of(Enquiry.objects.filter(WAIT)).values_list("pk", flat=True).first()
    return reverse("admin:contact_enquiry_change", args=[first]) if first else ""


def _tiles(desk: Overview, now: datetime) -> list[Tile]:
    """Return all tiles, those that cannot wait first; whoever shows them leaves out those with nothing behind."""
    first = ""
    if came := first_of_those_who_wait() if desk.waiting else None:
        first = f"the first since {when_past(came, now)}, {so_far(came, now, reply_policy().hours, IN_WORKING_HOURS)}"
    return [
        Tile(desk.flagged, "with a warning sign", "read and phone first", _list("flagged"), is_urgent=True),
        Tile(desk.overdue, "overdue", "later than we promised", _list("overdue"), is_urgent=True),
        Tile(
            desk.undelivered,
            "not reached by mail",
            "phone them, or mend the address",
            _list("undelivered"),
            is_urgent=True,
        ),
        Tile(desk.waiting, "waiting for an answer", first, _list("waiting")),
        Tile(desk.mine, "of them mine", "assigned to you", _list("mine")),
        Tile(desk.unassigned, "of them nobody’s yet", "take them, or assign them", _list("unassigned")),
        Tile(desk.suspected, "suspected of being spam", "look, and decide", _list("suspected")),
    ]


def _in_order(desk: Overview) -> list[str]:
    said = (
        (desk.overdue, "Nothing is overdue."),
        (desk.undelivered, "All mail arrives."),
        (desk.suspected, "Nothing is suspected of being spam."),
    )
    return [words for number, words in said if not number]


def _to_set_up(user: User) -> list[ToSetUp]:
    """Return what a manager has yet to set so that alarms reach somebody who is not at the desk."""
    if not user.has_perm("contact.change_desksettings"):
        return []
    desk = DeskSettings.load()
    if desk.alarm_email or desk.alarm_webhook:
        return []
    settings = reverse("wagtailsettings:edit", args=["contact", "desksettings"])
    return [ToSetUp(NO_SECOND_CHANNEL, "Settings → Enquiry desk", settings)]


def _list(show: str) -> str:
    return f"{reverse('admin:contact_enquiry_changelist')}?show={show}"
