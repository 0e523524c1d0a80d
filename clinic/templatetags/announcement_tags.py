"""Template tags for the announcements at the top of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from clinic.lib.announcements import current, next_change
from clinic.page_cache.invalidation import expires_at

if TYPE_CHECKING:
    from django.template import Context

    from clinic.lib.announcements import Announcement
    from clinic.models import ClinicDetails

register = template.Library()


@register.simple_tag(takes_context=True)
def current_announcements(context: Context, details: ClinicDetails | None) -> list[Announcement]:
    """Return those to show now. The cached page expires when one ends or the next one starts."""
    announcements, now = details.announcements if details else [], timezone.now()
    expires_at(getattr(context, "request", None), next_change(announcements, now))
    return current(announcements, now)


@register.simple_tag
def page_of(announcement: Announcement, linked: dict[int, object]) -> object:
    """Return the announcement's page from the live pages that were already fetched, or None."""
    return linked.get(announcement.page_id) if announcement.page_id else None
