"""Template tags and filters of the public pages. Each one only calls a tested function."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.db import Error as DatabaseError
from django.forms.utils import flatatt
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from clinic.blocks.story import heading_of_help, headings
from clinic.frontend.stylesheet import stylesheet
from clinic.images.pictures import picture
from clinic.lib.opening_hours import Schedule, Status, days_in_words
from clinic.lib.telephone import phone_address, phone_links
from clinic.lib.text import email_in_line, has_long_word, whole_words
from clinic.models import BasePage, ClinicDetails, HomePage
from clinic.models.announcements import AnnouncementValue
from clinic.page_cache.invalidation import expires_at
from clinic.public.contact_fallback import contact_details
from clinic.public.navigation import Navigation
from clinic.seo.meta import page_meta
from clinic.seo.structured_data import json_ld

register = template.Library()
register.filter("email_in_line", email_in_line)
register.filter("flatatt", flatatt)
register.filter("has_long_word", has_long_word)
register.filter("phone_address", phone_address)
register.filter("phone_links", phone_links)
register.filter("whole_words", whole_words)
register.simple_tag(headings, name="headings_of")
register.simple_tag(heading_of_help, name="help_heading_of")
# The enquiry desk does not depend on the host name of the request.
register.simple_tag(contact_details, name="desk_contact")
register.simple_tag(page_meta, name="meta_of")
register.simple_tag(picture)
# `clinic.frontend.postprocess` removes the rules that the page does not need, and where it is too long for the first
# flight, leaves them to the link below the first view.
register.simple_tag(lambda: stylesheet().element, name="inline_stylesheet")
register.simple_tag(lambda: stylesheet().link, name="later_stylesheet")


@register.simple_tag(takes_context=True)
def clinic_contact(context: dict[str, Any]) -> ClinicDetails:
    return contact_details(context.get("request"))


@register.simple_tag
def enquiry_url(page: BasePage | None = None, topic: str = "", here: bool = False) -> str:
    """Return where the form is asked for this page and with this topic; `here`: on the page itself."""
    about = page.pk if isinstance(page, BasePage) and not isinstance(page, HomePage) else None
    query = urlencode({name: value for name, value in (("topic", topic), ("about", about)) if value})
    return "#enquiry" if here else reverse(settings.ENQUIRY_VIEW) + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def current_announcements(context: Context, details: ClinicDetails) -> list[AnnouncementValue]:
    """Return those to show now, urgent ones first. The cached page expires when one ends or the next one starts."""
    announcements, now = details.announcements, timezone.now()
    changes = (time for one in announcements for time in (one["starts"], one["ends"]) if time > now)
    expires_at(getattr(context, "request", None), min(changes, default=None))
    return sorted((one for one in announcements if one.is_current(now)), key=lambda one: not one.is_urgent)


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Navigation:
    """Return menu and breadcrumbs; empty ones when the database is down."""
    try:
        return Navigation.for_request(context["request"], page=context.get("page"))
    except (KeyError, DatabaseError):
        return Navigation()


@register.simple_tag(takes_context=True)
def structured_data(context: Any) -> SafeString | str:
    """Return the page's structured data for search engines; nothing without a page or a database."""
    page = context.get("page")
    graph = json_ld(page, context.flatten()) if page and context["clinic"].pk else ""
    # What people typed is inside JSON, with angle brackets escaped by `json_ld`.
    return mark_safe(f'<script type="application/ld+json">{graph}</script>') if graph else ""  # noqa: S308  its <, > and & are escaped


@register.simple_tag(takes_context=True)
def opening_status(context: Context, schedule: Schedule) -> Status | None:
    """Return whether the clinic is open now, and until or from when; a cached page expires when that changes.

    None without weekly hours, except on a day when the clinic is closed.
    """
    now = timezone.localtime()
    # Not the variable `request`, which a component included with `only` does not have.
    expires_at(getattr(context, "request", None), schedule.next_change(now))
    is_known = schedule.hours or schedule.closed_for(now.date()) is not None
    return schedule.status(now) if is_known else None


@register.simple_tag
def coming_closures(schedule: Schedule) -> list[tuple[str, str]]:
    closures = schedule.upcoming_closures(timezone.localdate())
    return [(days_in_words(first, last), reason) for first, last, reason in closures]
