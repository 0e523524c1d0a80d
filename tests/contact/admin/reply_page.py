"""The page of a reply as a browser would send it."""

from typing import Any

from django.test import Client

from contact.models import Enquiry
from tests.contact.admin.enquiry_page import address_of, sent_by


def page_of(desk: Client, enquiry: Enquiry, **query: Any) -> dict[str, Any]:
    """Return what a browser would send from the page as it is shown."""
    return dict(sent_by(desk.get(address_of(enquiry, "reply"), query).context["form"]))


def reply(desk: Client, enquiry: Enquiry, text: str = "We will call you tomorrow.", **changed: Any) -> Any:
    response = desk.post(address_of(enquiry, "reply"), page_of(desk, enquiry) | {"text": text} | changed)
    enquiry.refresh_from_db()
    return response
