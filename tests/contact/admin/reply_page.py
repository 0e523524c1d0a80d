"""The page of a reply as a browser would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contact.admin.enquiry_page import address_of, sent_by

if TYPE_CHECKING:
    from django.test import Client

    from contact.models import Enquiry


def page_of(desk: Client, enquiry: Enquiry, **query: Any) -> dict[str, Any]:
    """Return what a browser would send from the page as it is shown."""
    return dict(sent_by(desk.get(address_of(enquiry, "reply"), query).context["form"]))


def reply(desk: Client, enquiry: Enquiry, text: str = "We will call you tomorrow.", **changed: Any) -> Any:
    response = desk.post(address_of(enquiry, "reply"), page_of(desk, enquiry) | {"text": text} | changed)
    enquiry.refresh_from_db()
    return response
