"""Mail of Wagtail and Django is stored in the outbox, so that no page waits for a mail server or fails with it.

`EmailBackend` is Django's `EMAIL_BACKEND`. Each recipient gets a row, so that one who is refused does not stop others.
`PasswordResetForm` is Wagtail's: what the page says, and how long it takes, is the same for an address with an account
and for one without. It only stores the address; the worker makes each link as it sends it, so that no link is stored.
"""

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as ParsedMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import MIMEMixin, sanitize_address, utf8_charset_qp
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.forms.auth import PasswordResetForm as WagtailPasswordResetForm
from wagtail.admin.views.account import PasswordResetView

from contact.mail.smtp import AUTOMATIC, Letter, wrap
from contact.models import Message
from contact.models.message import MessageType, new_message_id

# Nobody can fill a colleague's mailbox: one mail in this time.
AT_MOST_EVERY = timedelta(minutes=5)
# Nor the outbox. Managers can set a colleague's password themselves.
MOST_IN_AN_HOUR = 60
# Instead of Wagtail's mail, for someone who has never signed in: subject and body.
INVITATION = ("contact/mail/invitation_subject.txt", "contact/mail/invitation.txt")


class EmailBackend(BaseEmailBackend):
    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for recipient in dict.fromkeys(mail.recipients()):
                store(mail, recipient)
        return len(email_messages)


def store(mail: EmailMessage, recipient: str) -> None:
    mail.encoding = utf8_charset_qp
    mime, message_id = mail.message(), new_message_id()
    del mime["Message-ID"]
    for name, value in {"Message-ID": message_id, "X-Clinic-Message": message_id, **AUTOMATIC}.items():
        mime[name] = value
    Message.objects.create(
        kind=MessageType.SITE,
        recipient=parseaddr(sanitize_address(recipient, "utf-8"))[1],
        message_id=message_id,
        content=mime.as_bytes(),
    )


class Mime(MIMEMixin, ParsedMessage):  # type: ignore[misc]  # as in Django: its `as_bytes` knows `linesep`
    """A parsed mail, which Django's backends ask for bytes in their own way."""


class StoredEmail(EmailMessage):
    """Exactly the mail that was stored, for the recipient of this row alone."""

    def __init__(self, message: Message) -> None:
        self.mime = message_from_bytes(bytes(message.content), _class=Mime)
        super().__init__(from_email=str(self.mime["From"]), to=[message.recipient])

    def message(self, **_options: Any) -> Any:
        return self.mime


def remove_expired() -> str:
    """Remove mail without an enquiry that was sent yesterday, or could not be sent for a week; a job."""
    now = timezone.now()
    expired = Q(sent_at__lte=now - timedelta(days=1)) | Q(created_at__lte=now - timedelta(days=7))
    _rows, removed = Message.objects.filter(expired, enquiry=None).delete()
    return f"{removed.get(Message._meta.label, 0)} removed"


class PasswordResetForm(WagtailPasswordResetForm):
    """Stores the address. Django's own form makes the links and checks the accounts when the worker sends the mail."""

    def save(self, **_options: Any) -> None:
        """Put the address in the outbox, whether or not someone has an account with it."""
        asked = Message.objects.filter(kind=MessageType.PASSWORD_RESET)
        if asked.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count() < MOST_IN_AN_HOUR:
            Message.objects.create(kind=MessageType.PASSWORD_RESET, recipient=self.cleaned_data["email"].lower())

    def send_mail(
        self, subject_template: str, body_template: str, context: dict[str, Any], *_rest: Any, **_options: Any
    ) -> None:
        if context["user"].last_login is None:
            subject_template, body_template = INVITATION
        subject = " ".join(render_to_string(subject_template, context).split())
        headers = {"Message-ID": new_message_id(), **AUTOMATIC}
        body = wrap(render_to_string(body_template, context))
        self.letters.append(Letter(subject, body, to=[context["email"]], headers=headers))

    def letters_to(self, address: str) -> list[Letter]:
        self.letters: list[Letter] = []
        self.cleaned_data = {"email": address}
        super().save(
            domain_override=settings.SITE_URL.partition("//")[2],
            use_https=settings.SITE_URL.startswith("https:"),
            subject_template_name=PasswordResetView.subject_template_name,
            email_template_name=PasswordResetView.email_template_name,
        )
        return self.letters


def password_reset_emails(address: str) -> list[Letter]:
    """Return a mail for each account with this address, or none if it has just had one; each link works once."""
    # Where nothing was sent, `last_error` says so.
    sent = Message.objects.filter(kind=MessageType.PASSWORD_RESET, recipient=address, last_error="")
    if sent.filter(sent_at__gt=timezone.now() - AT_MOST_EVERY).exists():
        return []
    return PasswordResetForm().letters_to(address)
