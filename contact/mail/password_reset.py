"""Wagtail's password reset, the same for an address with an account and for one without, in what it says and how long.

The page only stores the address. The worker looks for accounts and makes each link as it sends it, so that no link is
ever stored.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.forms.auth import PasswordResetForm as WagtailPasswordResetForm
from wagtail.admin.views.account import PasswordResetView

from contact.mail.lines import AUTOMATIC, Letter, wrap
from contact.models import Message
from contact.models.message import MessageType, new_message_id

# Nobody can fill a colleague's mailbox: one mail in this time.
AT_MOST_EVERY = timedelta(minutes=5)
# Nor the outbox. Managers can set a colleague's password themselves.
MOST_IN_AN_HOUR = 60
# Instead of Wagtail's mail, for someone who has never signed in: subject and body.
INVITATION = ("contact/mail/invitation_subject.txt", "contact/mail/invitation.txt")


class PasswordResetForm(WagtailPasswordResetForm):
    def save(self, **_options: Any) -> None:
        """Put the address in the outbox, whether or not someone has an account with it."""
        asked = Message.objects.filter(kind=MessageType.PASSWORD_RESET)
        if asked.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count() < MOST_IN_AN_HOUR:
            Message.objects.create(kind=MessageType.PASSWORD_RESET, recipient=self.cleaned_data["email"].lower())


class _Letters(WagtailPasswordResetForm):
    """Django's own form, which makes the links and checks the accounts; it collects the mails and sends none."""

    def send_mail(
        self, subject_template: str, body_template: str, context: dict[str, Any], *_rest: Any, **_options: Any
    ) -> None:
        if context["user"].last_login is None:
            subject_template, body_template = INVITATION
        subject = " ".join(render_to_string(subject_template, context).split())
        headers = {"Message-ID": new_message_id(), **AUTOMATIC}
        body = wrap(render_to_string(body_template, context))
        self.letters.append(Letter(subject, body, to=[context["email"]], headers=headers))

    def made_for(self, address: str) -> list[Letter]:
        self.letters: list[Letter] = []
        self.cleaned_data = {"email": address}
        self.save(
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
    return _Letters().made_for(address)
