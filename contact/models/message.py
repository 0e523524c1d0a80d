"""The outbox: mail that the worker sends (`contact/mail/outbox.py`).

A message about an enquiry is stored with it and contains no text: `contact/mail/messages.py` builds the e-mail when it
is sent. Mail from Wagtail and Django to people with an account has no enquiry. Its content is deleted once it is sent,
and its row a day later.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import localize

from contact.models.enquiry import WAITING, Enquiry


class MessageType(models.TextChoices):
    STAFF_NOTIFICATION = "staff_notification", "Staff notification"
    STAFF_SUMMARY = "staff_summary", "Summary for staff"
    PATIENT_RECEIPT = "patient_receipt", "Receipt to the patient"
    REPLY = "reply", "Reply to the patient"
    ESCALATION_ASSIGNEE = "escalation_assignee", "Overdue: to the colleague"
    ESCALATION_MANAGER = "escalation_manager", "Overdue: to the manager"
    CANARY = "canary", "Form check"
    SITE = "site", "Notice about the site"
    PASSWORD_RESET = "password_reset", "Password reset"


TO_PATIENTS = (MessageType.PATIENT_RECEIPT, MessageType.REPLY)
# A digest of what is overdue, without an enquiry of its own.
REMINDERS = (MessageType.ESCALATION_ASSIGNEE, MessageType.ESCALATION_MANAGER)
# Mail that has not been delivered for longer than this needs someone's attention.
PATIENCE = timedelta(minutes=30)


def new_message_id() -> str:
    """Return a Message-ID, the same at every attempt, so that mailboxes can drop a second copy."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    # Shorter than Python's own: the line has to fit into 78 characters.
    return f"<{token_hex(12)}@{sender.rpartition('@')[2] or 'localhost'}>"


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> "MessageQuerySet":
        return self.filter(sent_at=None)

    def due(self, now: datetime) -> "MessageQuerySet":
        """Those to send now that no worker has claimed, the oldest first; what was refused is not tried again."""
        return self.unsent().unclaimed(now).filter(is_refused=False, not_before__lte=now).order_by("created_at", "pk")

    def unclaimed(self, now: datetime) -> "MessageQuerySet":
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def undelivered(self, now: datetime) -> "MessageQuerySet":
        """Those that came back, were refused, or have not gone out for half an hour."""
        late = Q(sent_at=None) & (Q(is_refused=True) | Q(created_at__lte=now - PATIENCE))
        return self.filter(late | Q(bounced_at__isnull=False))

    def needing_attention(self, now: datetime) -> "MessageQuerySet":
        """Undelivered messages about which someone can do something: an answered patient needs no receipt."""
        settled = Q(kind__in=TO_PATIENTS) & ~Q(enquiry__status__in=WAITING)
        return self.undelivered(now).exclude(settled).exclude(kind=MessageType.CANARY)

    def stuck(self, now: datetime) -> "MessageQuerySet":
        """Those unsent for more than half an hour because of our mail server, or of those of several recipients.

        That one patient's server refuses or postpones mail is no reason for an alarm.
        """
        late = self.unsent().filter(created_at__lte=now - PATIENCE).exclude(kind=MessageType.CANARY)
        late = late.filter(Q(is_refused=False) | (~Q(kind__in=TO_PATIENTS) & Q(enquiry__status__in=WAITING)))
        attempts = DeliveryAttempt.objects.filter(message=OuterRef("pk")).order_by("-pk").values("outcome")
        postponed = late.filter(Q(kind__in=TO_PATIENTS) | Q(enquiry=None)).alias(outcome=Subquery(attempts[:1]))
        postponed = postponed.filter(outcome=DeliveryAttempt.Outcome.POSTPONED)
        servers = {recipient.rpartition("@")[2].lower() for recipient in postponed.values_list("recipient", flat=True)}
        return late if len(servers) > 1 else late.exclude(pk__in=postponed.values("pk"))


class Message(models.Model):
    enquiry = models.ForeignKey(Enquiry, null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    # The text of a reply; other types have none until they are sent.
    entry = models.ForeignKey("contact.Entry", null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    # The whole mail, as bytes, of a notice about the site. It may hold what only its recipient should read.
    content = models.BinaryField(default=b"", editable=False)
    kind = models.CharField("type", max_length=20, choices=MessageType)
    recipient = models.EmailField()
    message_id = models.CharField(max_length=255, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    not_before = models.DateTimeField("next attempt", default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.TextField(blank=True, help_text="What the recipient's mail server said.")
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    is_refused = models.BooleanField("refused by the mail server", default=False)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "outgoing e-mail"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "kind", "recipient"], condition=Q(entry=None), name="message_once_per_recipient"
            ),
            models.UniqueConstraint(fields=["entry"], name="message_once_per_reply"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(sent_at=None), name="message_unsent"),
            models.Index(fields=["bounced_at"], condition=Q(bounced_at__isnull=False), name="message_bounced"),
        ]

    def __str__(self) -> str:
        return ", ".join([self.get_kind_display(), *([self.enquiry.reference] if self.enquiry else [])])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.message_id = self.message_id or new_message_id()
        super().save(*args, **kwargs)

    @property
    def needs_attention(self) -> bool:
        """Whether someone must look: the server refused it, or it has been undelivered for half an hour."""
        return self.sent_at is None and (self.is_refused or timezone.now() - self.created_at >= PATIENCE)

    @property
    def has_failed(self) -> bool:
        return self.needs_attention or self.bounced_at is not None


class DeliveryAttempt(models.Model):
    class Outcome(models.TextChoices):
        SENDING = "sending", "Started"
        SENT = "sent", "Sent"
        POSTPONED = "postponed", "Postponed by the server"
        REFUSED = "refused", "Refused by the server"
        UNREACHABLE = "unreachable", "No answer from the server"
        FAILED = "failed", "Failed on our side"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="delivery_attempts")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # An attempt that stays "Started" was cut off: the worker was killed or the machine stopped.
    outcome = models.CharField(max_length=11, choices=Outcome, default=Outcome.SENDING)
    reply = models.TextField(blank=True, help_text="What the mail server answered.")

    class Meta:
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"{localize(timezone.localtime(self.started_at))} {self.get_outcome_display()}"
