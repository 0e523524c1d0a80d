"""The form at the end of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic.lib.logs import log_failure
from clinic.public.contact_fallback import contact_details
from contact.form import pages, rendering
from contact.intake import promise
from contact.privacy_notice import versions

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString
    from wagtail.models import Page


def enquiry_fragment(request: HttpRequest | None, *, about: Page | None, heading: str | None) -> SafeString:
    """Return the form, opened for a page if one is given; phone and e-mail if it cannot be shown.

    Never raises. `heading`: `None` for “Ask about …” or “Send us an enquiry”, empty for no heading.
    """
    try:
        if heading is None:
            heading = f"Ask about {pages.topic_name(about)}" if about else "Send us an enquiry"
        clinic = contact_details(request)
        notice = versions.shown(request)
        promised = promise.at_the_form(request)
    except Exception as error:  # noqa: BLE001  the page around it must be shown; it is logged
        log_failure("The enquiry form could not be prepared", error)
        return rendering.LAST_RESORT
    number = about.pk if about else None
    return rendering.form_or_phone(None, clinic, about=number, heading=heading, notice=notice, promised=promised)
