"""The list, and the page of an enquiry as a browser sends it: decisions, a call and a note in one form."""

from typing import Any

from django.test import Client
from django.urls import reverse

from contact.models import Enquiry

LIST = reverse("admin:contact_enquiry_changelist")


def address_of(enquiry: Enquiry, page: str = "change", *more: int) -> str:
    return reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk, *more])


def unchanged(enquiry: Enquiry) -> dict[str, str]:
    """Return what is sent from the page when nothing was chosen or typed."""
    return {
        "status": enquiry.status,
        "initial-status": enquiry.status,
        "assigned_to": str(enquiry.assigned_to_id or ""),
        "initial-assigned_to": str(enquiry.assigned_to_id or ""),
        "seen_revision": str(enquiry.revision),
    }


def press(desk: Client, enquiry: Enquiry, button: str = "_continue", query: str = "", **typed: Any) -> Any:
    """Press a button of the page, as this enquiry was when the page was opened, with this typed or chosen on it."""
    response = desk.post(address_of(enquiry) + query, {**unchanged(enquiry), **typed, button: "yes"})
    enquiry.refresh_from_db()
    return response


def sent_by(form: Any) -> dict[str, str]:
    """Return what a browser would send from a form as it is shown, with nothing changed."""
    sent = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            sent[field.html_name] = "on" if value is True else str(value)
        if field.field.show_hidden_initial:
            hidden = form.data.get(field.html_initial_name) if form.is_bound else field.initial
            sent[field.html_initial_name] = str(hidden) if hidden is not None else ""
    return sent


def messages_of(response: Any, desk: Client) -> list[str]:
    return [str(message) for message in desk.get(response["Location"]).context["messages"]]


def stored(enquiry: Enquiry, *names: str) -> list[Any]:
    return [getattr(Enquiry.objects.get(pk=enquiry.pk), name) for name in names]
