"""The doorbell of the notices over every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from clinic.lib.announcements import next_change, running
from clinic.page_cache.lifetime import copy_ends

if TYPE_CHECKING:
    from django.template import Context

    from clinic.lib.announcements import Notice
    from clinic.models import ClinicDetails

register = template.Library()


@register.simple_tag(takes_context=True)
def running_notices(context: Context, details: ClinicDetails | None) -> list[Notice]:
    """Return the notices that run now; the page's copy ends when one of them does, or when the next starts."""
    notices, now = details.notices if details else [], timezone.now()
    copy_ends(getattr(context, "request", None), next_change(notices, now))
    return running(notices, now)


@register.simple_tag
def page_of(notice: Notice, linked: dict[int, object]) -> object:
    """Return the live page that says more about the notice, from those already fetched; None without one."""
    return linked.get(notice.page) if notice.page else None
