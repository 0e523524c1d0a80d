"""Write a stored message. Its words are made when it is sent, so none lie in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.last_known import contact_details
from contact.models import Message

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend


def write(message: Message, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Return the mail. Neither kind holds a name, an address or a word of what the patient wrote."""
    clinic = contact_details()
    context = {
        "enquiry": message.enquiry,
        "clinic": clinic,
        "address": settings.SITE_URL + reverse("admin:contact_enquiry_change", args=[message.enquiry_id]),
    }
    template = f"contact/mail/{message.kind}"
    to_patient = message.kind == Message.Kind.PATIENT_RECEIPT
    return EmailMessage(
        subject=" ".join(render_to_string(f"{template}_subject.txt", context).split()),
        body=render_to_string(f"{template}.txt", context),
        to=[message.recipient],
        reply_to=[clinic.email] if to_patient and clinic.email else None,
        # Asks vacation responders to stay silent: RFC 3834.
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
