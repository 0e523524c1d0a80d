"""Build the e-mail for a stored message, when it is sent. The wording is in `contact/templates/contact/mail/`.

Each `MessageType` has two templates there: `patient_receipt.txt` is the body of a receipt and
`patient_receipt_subject.txt` its subject, and so on. None may contain a name, an address or a word of what the patient
wrote; only a reply contains words that a person wrote, those of its entry. Their lines are at most 76 characters long.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.public.contact_fallback import contact_details
from contact.mail.backend import StoredEmail
from contact.mail.lines import AUTOMATIC, Letter, wrap
from contact.mail.password_reset import password_reset_emails
from contact.models import Enquiry, EnquiryEvent, Message
from contact.models.enquiry import WAITING, Status
from contact.models.event import EventType
from contact.models.message import REMINDERS, TO_PATIENTS, MessageType


def emails_for(message: Message) -> Sequence[EmailMessage]:
    """Return the mail to send: one, except after a request for a new password, which is for every such account."""
    if message.kind == MessageType.PASSWORD_RESET:
        return password_reset_emails(message.recipient)
    if message.kind in REMINDERS:
        return [build_email(message)] if overdue_in(message) else []
    if message.enquiry is None:
        return [StoredEmail(message)]
    return [build_email(message)]


def build_email(message: Message) -> Letter:
    clinic = contact_details()
    context: dict[str, Any] = {
        "enquiry": message.enquiry,
        "clinic": clinic,
        "url": settings.SITE_URL
        + (
            reverse("admin:contact_enquiry_change", args=[message.enquiry_id])
            if message.enquiry
            else f"{reverse('admin:contact_enquiry_changelist')}?show=overdue"
        ),
        "overdue": overdue_in(message) if message.kind in REMINDERS else (),
        "reply": message.entry.text if message.entry else "",
    }
    if message.kind == MessageType.STAFF_SUMMARY:
        context["hour"] = _hour_before(message)
    template = f"contact/mail/{message.kind}"
    body = render_to_string(f"{template}.txt", context)
    return Letter(
        subject=" ".join(render_to_string(f"{template}_subject.txt", context).split()),
        # Mail programs fit the paragraphs of a reply to the screen, as they do with mail that a person sends.
        body=body if message.kind == MessageType.REPLY else wrap(body),
        to=[message.recipient],
        reply_to=[clinic.email] if message.kind in TO_PATIENTS and clinic.email else None,
        headers={"Message-ID": message.message_id, **_headers(message)},
    )


def overdue_in(reminder: Message) -> list[Enquiry]:
    """Return the enquiries that a reminder is about and that are still waiting."""
    about = EnquiryEvent.objects.filter(kind=EventType.ESCALATED, data__message=reminder.pk).values("reference")
    return list(Enquiry.objects.filter(reference__in=about, status__in=WAITING).order_by("due_at"))


def _hour_before(summary: Message) -> dict[str, Any]:
    """Return what came in from an hour before a summary was due until now."""
    received = Enquiry.objects.filter(received_at__gt=summary.not_before - timedelta(hours=1))
    return {
        "count": received.count(),
        "suspected": received.filter(status=Status.SUSPECTED_SPAM).count(),
        "flagged": received.exclude(red_flags=[]).count(),
        "url": settings.SITE_URL + reverse("admin:contact_enquiry_changelist"),
    }


def reply_subject(enquiry: Enquiry) -> str:
    """Return the subject of a reply, which a locked phone may show: the reference alone, no name and no topic."""
    return render_to_string("contact/mail/reply_subject.txt", {"enquiry": enquiry}).strip()


def _headers(message: Message) -> dict[str, str]:
    if message.kind != MessageType.REPLY:
        return AUTOMATIC
    # A person wrote it; mail programs show it below the receipt.
    receipt = Message.objects.filter(enquiry=message.enquiry_id, kind=MessageType.PATIENT_RECEIPT).first()
    return {"In-Reply-To": receipt.message_id, "References": receipt.message_id} if receipt else {}
