"""The notice as a page, and each wording that was ever used: whoever wrote to us can read what they were told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.public.navigation import Link
from clinic.seo.meta import absolute
from contact.form import pages
from contact.models import PrivacyNotice
from contact.privacy_notice import versions
from contact.privacy_notice.page import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TEMPLATE = "contact/privacy_notice.html"
TITLE = "Your enquiry and your privacy"
HOME = Link("Home", "/", is_current=False)


@require_safe
def current(request: HttpRequest) -> HttpResponse:
    notice = versions.shown(request)
    if notice is None:
        response = pages.answer(request, "contact/privacy_unavailable.html", {}, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Cache-Control"] = "no-store"
        return response
    words = {"told": page_of(notice.text), "version": notice.version, "since": versions.first_shown(notice.version)}
    more = pages.privacy_link(request)
    words |= {"address": absolute(reverse("privacy_notice")), "more_url": more.url if more else ""}
    words |= {"trail": [HOME, more] if more else [HOME], "here": TITLE}
    return pages.answer(request, TEMPLATE, words)


@require_safe
def kept(request: HttpRequest, version: str) -> HttpResponse:
    """Show a wording as it was; the current one too, by its own address."""
    notice = PrivacyNotice.objects.filter(version=version).first()
    if notice is None:
        raise Http404
    words = {"told": page_of(notice.text), "version": version, "since": notice.first_used_at, "is_kept": True}
    words |= {"trail": [HOME, Link(TITLE, reverse("privacy_notice"), is_current=False)], "here": "Kept version"}
    response = pages.answer(request, TEMPLATE, words)
    response["X-Robots-Tag"] = "noindex"
    return response
