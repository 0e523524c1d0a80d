"""What a reply begins with: a template, filled in, and the likeliest address."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from wagtail.models import Page

from clinic.lib.email_addresses import suggested_address
from clinic.public.contact_fallback import contact_details
from contact.models import Enquiry
from contact.models.entry import PLACEHOLDER
from contact.models.message import TO_PATIENTS, MessageType

# `{when}` for each Enquiry.BestTime that is a time.
WHEN = {
    "morning": "in the morning", "midday": "at midday", "afternoon": "in the afternoon", "late": "in the early evening",
}  # fmt: skip


def values_for(enquiry: Enquiry, user: Any) -> dict[str, str]:
    """Return what a template says to this patient, signed by this person."""
    clinic = contact_details()
    return {
        "name": enquiry.name,
        "reference": enquiry.reference,
        "when": f" {WHEN[enquiry.best_time]}, as you asked" if enquiry.best_time in WHEN else "",
        "clinic": clinic.name,
        "phone": clinic.phone,
        "me": user.get_full_name() or clinic.name,
    }


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return a template's text with these values and with links to the pages that it names; other braces stay."""

    def value(found: re.Match[str]) -> str:
        kind, _colon, slug = found[1].partition(":")
        return _address(slug) if slug else values[kind]

    return "\n".join(PLACEHOLDER.sub(value, body).splitlines())


def _address(slug: str) -> str:
    """Return the public address of the page, or of the home page where there is none."""
    page = Page.objects.live().filter(slug=slug).first()
    parts = page.get_url_parts() if page else None
    return settings.SITE_URL + (parts[2] if parts and parts[2] else "/")


def recipients(enquiry: Enquiry) -> tuple[list[tuple[str, str]], str]:
    """Return the addresses to choose from, with a note on each, and the one to select first.

    The address that was typed comes first, then the one that was probably meant, then those of earlier replies.
    Selected is where the last reply went, or the first address from which nothing came back, if there is one.
    """
    typed, meant = enquiry.email, suggested_address(enquiry.email)
    notes = {typed: "as typed by the patient"} | ({meant: "probably what they meant"} if meant else {})
    sent = list(enquiry.messages.filter(kind__in=TO_PATIENTS).order_by("created_at", "pk"))
    used = [message.recipient for message in sent if message.kind == MessageType.REPLY]
    notes |= {address: "used in an earlier reply" for address in used if address not in notes}
    failed = {message.recipient for message in sent if message.bounced_at or message.is_refused}
    choices = []
    for address, note in notes.items():
        known = [note] if len(notes) > 1 else []
        known += ["mail to it came back"] if address in failed else []
        choices.append((address, ", ".join([address, *known])))
    likely = [address for address in (*reversed(used), *notes) if address not in failed]
    return choices, next(iter(likely), "")
