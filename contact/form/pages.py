"""The pages around the form, in the site's frame or, when that needs what is gone, in a bare one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.template.loader import render_to_string
from wagtail.models import Page

from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails
from clinic.public.contact_fallback import contact_details
from clinic.public.navigation import Link

if TYPE_CHECKING:
    from django.http import HttpRequest

FRAME = "base.html"
BARE_FRAME = "contact/bare.html"


def answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Return the page. Whatever the site's frame fails on, the page itself is shown."""
    context = {**context, "clinic": contact_details(request)}
    try:
        html = render_to_string(template, {**context, "frame": FRAME}, request)
    except Exception as error:  # noqa: BLE001  a patient in need of the form must not meet the frame's fault; logged
        log_failure(f"{template} is shown without the site's frame", error)
        html = render_to_string(template, {**context, "frame": BARE_FRAME})
    return HttpResponse(html, status=status)


def privacy_link(request: HttpRequest) -> Link | None:
    """Return title and address of the privacy page, or `None` when there is none to link to."""
    try:
        page = ClinicDetails.for_request(request).privacy_page
        url = page.get_url(request) if page and page.live else None
        return Link(page.title, url, is_current=False) if page and url else None
    except (DatabaseError, ClinicDetails.DoesNotExist, AttributeError):
        # AttributeError: no site at all.
        return None


def about_name(about: int | None) -> str:
    """Return what an enquiry about this page is called. Drafts and private pages keep their titles."""
    if about is None:
        return ""
    try:
        page = Page.objects.live().public().filter(pk=about, depth__gt=1).specific().first()
    except DatabaseError:
        return ""
    return topic_name(page) if page else ""


def topic_name(page: Page) -> str:
    """Return the page's own word for itself (“IMS”) or its title; contact/ knows no kind of page."""
    return str(getattr(page, "enquiry_topic_name", page.title))
