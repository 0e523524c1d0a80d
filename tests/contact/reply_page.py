"""The page of a reply as a browser would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from contact.models import Enquiry


def address_of(enquiry: Enquiry, page: str = "reply", *more: int) -> str:
    return reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk, *more])


def page_of(desk: Client, enquiry: Enquiry, **query: Any) -> dict[str, Any]:
    """Return what a browser would send from the page as it is shown."""
    return sent_by(desk.get(address_of(enquiry), query).context["form"])


def sent_by(form: Any) -> dict[str, Any]:
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def reply(desk: Client, enquiry: Enquiry, text: str = "We call you tomorrow.", **changed: Any) -> Any:
    response = desk.post(address_of(enquiry), page_of(desk, enquiry) | {"text": text} | changed)
    enquiry.refresh_from_db()
    return response
