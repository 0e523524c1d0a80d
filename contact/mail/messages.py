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
from contact.mail.backend import StoredEmail, password_reset_emails
from contact.mail.smtp import AUTOMATIC, Letter, wrap
from contact.models import Enquiry, EnquiryEvent, Message
from contact.models.enquiry import WAITING, Status
from contact.models.event import EventType
from contact.models.message import REMINDERS, TO_PATIENTS, MessageType


def emails_for(message: Message) -> Sequence[EmailMessage]:
    """Return the mail to send: one, except after a request for a new password, which is for every such account."""
    if message.kind == MessageType.PASSWORD_RESET:
        return password_reset_emails(message.recipient)
    if message.kind in REMINDERS and not overdue_in(message):
        return []
    return [StoredEmail(message) if message.kind == MessageType.SITE else build_email(message)]


def build_email(message: Message) -> Letter:
    clinic = contact_details()
    address = reverse("admin:contact_enquiry_changelist")
    if message.kind in REMINDERS:
        address += "?show=overdue"
    elif message.kind != MessageType.STAFF_SUMMARY:
        address = reverse("admin:contact_enquiry_change", args=[message.enquiry_id])
    context: dict[str, Any] = {
        "enquiry": message.enquiry,
        "clinic": clinic,
        "url": f"{settings.SITE_URL}{address}",
        "overdue": overdue_in(message) if message.kind in REMINDERS else (),
        "reply": message.entry.text if message.entry else "",
    }
    if message.kind == MessageType.STAFF_SUMMARY:
        # From an hour before it was due until now.
        received = Enquiry.objects.filter(received_at__gt=message.not_before - timedelta(hours=1))
        context["count"] = received.count()
        context["suspected"] = received.filter(status=Status.SUSPECTED_SPAM).count()
        context["flagged"] = received.exclude(red_flags=[]).count()
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


def reply_subject(enquiry: Enquiry) -> str:
    """Return the subject of a reply, which a locked phone may show: the reference alone, no name and no topic."""
    return render_to_string("contact/mail/reply_subject.txt", {"enquiry": enquiry}).strip()


def _headers(message: Message) -> dict[str, str]:
    if message.kind != MessageType.REPLY:
        return AUTOMATIC
    # A person wrote it; mail programs show it below the receipt.
    receipt = Message.objects.filter(enquiry=message.enquiry_id, kind=MessageType.PATIENT_RECEIPT).first()
    return {"In-Reply-To": receipt.message_id, "References": receipt.message_id} if receipt else {}
