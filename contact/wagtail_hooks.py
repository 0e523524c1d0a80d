"""What enquiries add to Wagtail's admin: how many wait, and never whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from wagtail import hooks

from clinic.admin_site import DESK_PERMISSION
from clinic.needs import HOOK, Need
from contact.overview import overview

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@hooks.register(HOOK, order=10)
def waiting_enquiries(person: User) -> list[Need]:
    if not person.has_perm(DESK_PERMISSION):
        return []
    now = overview(person)
    if not now.waiting:
        return []
    name = "1 enquiry" if now.waiting == 1 else f"{now.waiting} enquiries"
    why = "Waiting at the desk" + (f"; {now.overdue} past the promised time" if now.overdue else "")
    return [Need(name, reverse("admin:index"), why)]
