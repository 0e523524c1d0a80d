"""The page of an enquiry as a browser sends it: decisions, a call and a note in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from contact.models import Enquiry


def address_of(enquiry: Enquiry, page: str = "change") -> str:
    return reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk])


def shown(enquiry: Enquiry) -> dict[str, str]:
    """Return what is sent from the page as it stands, nothing chosen and nothing written."""
    return {
        "status": enquiry.status,
        "initial-status": enquiry.status,
        "assigned_to": str(enquiry.assigned_to_id or ""),
        "initial-assigned_to": str(enquiry.assigned_to_id or ""),
        "seen_revision": str(enquiry.revision),
    }


def press(desk: Client, enquiry: Enquiry, button: str = "_continue", query: str = "", **typed: str) -> Any:
    """Press a button of the page on which this was typed or chosen: `note_text` stands for `note-text`."""
    sent = {name.replace("note_", "note-").replace("call_", "call-"): value for name, value in typed.items()}
    response = desk.post(address_of(enquiry) + query, {**shown(enquiry), **sent, button: "yes"})
    enquiry.refresh_from_db()
    return response
