"""The notice as a page, and each wording that was ever used: whoever wrote to us can read what they were told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.meta import absolute
from contact import pages
from contact.models import PrivacyNotice
from contact.privacy_notice import versions
from contact.privacy_notice.wording import blocks_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TEMPLATE = "contact/privacy_notice.html"


@require_safe
def current(request: HttpRequest) -> HttpResponse:
    notice = versions.shown(request)
    if notice is None:
        response = pages.answer(request, "contact/privacy_unavailable.html", {}, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Cache-Control"] = "no-store"
        return response
    # Without the short one, which says the same.
    words = {"blocks": blocks_of(notice.text)[2:], "short": notice.short, "version": notice.version}
    words["address"] = absolute(reverse("privacy_notice"))
    return pages.answer(request, TEMPLATE, words | {"more_url": pages.privacy_url(request)})


@require_safe
def kept(request: HttpRequest, version: str) -> HttpResponse:
    """Show a wording as it was; the current one too, by its own address."""
    notice = PrivacyNotice.objects.filter(version=version).first()
    if notice is None:
        raise Http404
    _heading, short, *blocks = blocks_of(notice.text)
    words = {"blocks": blocks, "short": short.lines[0], "version": version, "used_since": notice.first_used_at}
    response = pages.answer(request, TEMPLATE, words)
    response["X-Robots-Tag"] = "noindex"
    return response
