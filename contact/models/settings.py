"""What managers decide about the desk, in the Wagtail admin under Settings → Enquiry desk."""

import re
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from clinic.models import ClinicDetails

# Of a word in a warning sign.
FEWEST_LETTERS = 3
# What managers begin with.
SPAM_PHRASES = Path(__file__).with_name("spam_phrases.txt").read_text("utf-8").strip()


@register_setting(icon="mail")
class DeskSettings(BaseGenericSetting):
    reply_within_days = models.PositiveSmallIntegerField(
        "reply within (working days)",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="The form and the receipt promise a reply by closing time, this many open days after the enquiry. "
        "Closures and Yukon holidays do not count.",
    )
    look_within_minutes = models.PositiveSmallIntegerField(
        "look at warning signs within (minutes)",
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text="Of opening time. Patients with a warning sign are promised this; if no one has opened their enquiry "
        "by then, the alarm addresses get a message.",
    )
    manager_email = models.EmailField(
        "manager's e-mail",
        blank=True,
        help_text="Notified when an enquiry is still unanswered after a colleague was reminded of it. "
        "If empty, the address for staff notifications is used.",
    )
    alarm_email = models.EmailField(
        "alarm address",
        blank=True,
        help_text="Notified when mail does not get through, a scheduled job fails or the form does not work. "
        "Use an address that does not depend on the clinic's own mail.",
    )
    alarm_webhook = models.URLField(
        "alarm web address",
        blank=True,
        validators=[URLValidator(schemes=["https"], message="Enter an address that begins with https://.")],
        help_text="A text-message or on-call service that gets the same alarms by HTTPS, without patient data.",
    )
    mailbox_url = models.URLField(
        "web address of the mailbox",
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="Opened by the link on an enquiry when its patient has replied by e-mail.",
    )
    proof_email = models.EmailField(
        "address for the daily form check",
        blank=True,
        help_text="Gets the form check's test message every morning. "
        "If empty, the address for staff notifications is used.",
    )
    spam_line = models.PositiveSmallIntegerField(
        "score for suspected spam",
        default=5,
        validators=[MinValueValidator(1)],
        help_text="An enquiry with this score or more goes to suspected spam, and no one is notified by e-mail.",
    )
    most_from_one_address = models.PositiveSmallIntegerField(
        "enquiries a day from one network address",
        default=6,
        validators=[MinValueValidator(1)],
        help_text="More than this from one address is a sign of spam. If as many come from one network within an hour, "
        "receipts are held. A household, a camp or a community may share one address.",
    )
    most_in_an_hour = models.PositiveSmallIntegerField(
        "enquiries in an hour",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="More than this is unusual: the desk shows it, the alarm addresses get a message, and staff "
        "get one summary an hour in place of a notification for each enquiry.",
    )
    spam_phrases = models.TextField(
        blank=True, default=SPAM_PHRASES, help_text="One per line; upper or lower case does not matter."
    )
    red_flags_owner = models.ForeignKey(
        "clinic.PractitionerPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="physiotherapist responsible for the warning signs",
    )
    # Recorded by a physiotherapist: contact/screening/review.py.
    red_flags_reviewed_on = models.DateField("warning signs last reviewed", null=True, blank=True)
    red_flags_reviewed_by = models.CharField("by", max_length=150, blank=True)
    red_flags_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    keep_closed_days = models.PositiveSmallIntegerField(
        "keep closed enquiries for (days)", default=90, validators=[MinValueValidator(1)]
    )
    keep_spam_days = models.PositiveSmallIntegerField(
        "keep spam for (days)",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="Suspected spam is not deleted until someone decides about it: check it every day.",
    )
    close_answered_after_days = models.PositiveSmallIntegerField(
        "close answered enquiries after (days)",
        default=14,
        validators=[MinValueValidator(1)],
        help_text="If nothing more has happened. Open enquiries and those on legal hold are never deleted.",
    )
    stored_where = models.CharField(
        "where enquiries are stored",
        max_length=200,
        default="on the clinic’s own web server",
        help_text="For the privacy notice: “It is kept …”. Name the country.",
    )

    panels = [
        MultiFieldPanel(["reply_within_days", "look_within_minutes", "manager_email"], heading="Promised reply"),
        MultiFieldPanel(
            [FieldRowPanel(["alarm_email", "alarm_webhook"]), "proof_email"],
            heading="Alarms and form check",
            help_text="To send a test alarm, save, and open System status on the front page of the desk.",
        ),
        "mailbox_url",
        MultiFieldPanel(
            [FieldRowPanel(["spam_line", "most_from_one_address"]), "most_in_an_hour", "spam_phrases"],
            heading="Suspected spam",
        ),
        MultiFieldPanel(
            [
                "red_flags_owner",
                FieldPanel("red_flags_reviewed_on", read_only=True),
                FieldPanel("red_flags_reviewed_by", read_only=True),
            ],
            heading="Warning signs",
            help_text="A physiotherapist reviews the list once a year, in this admin's menu under “Warning signs”.",
        ),
        MultiFieldPanel(
            [FieldRowPanel(["keep_closed_days", "keep_spam_days"]), "close_answered_after_days", "stored_where"],
            heading="Retention",
        ),
    ]

    class Meta:
        verbose_name = "enquiry desk"
        verbose_name_plural = "enquiry desk"


class RedFlag(models.Model):
    """A warning sign: words for something that cannot wait for an answer by e-mail."""

    name = models.CharField(max_length=80, unique=True, help_text="Shown to patients, for example “Chest pain”.")
    words = models.TextField(help_text="Words or short phrases, one per line; upper or lower case does not matter.")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        verbose_name = "warning sign"
        ordering = ["name"]
        permissions = [("review_redflag", "Can review warning signs")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what would be found in nearly every message."""
        if not self.phrases:
            raise ValidationError({"words": "Enter at least one word."})
        for phrase in self.phrases:
            parts = re.split(r"\+|/|\.{3,}|…", phrase)
            if any(sum(map(str.isalnum, part)) < FEWEST_LETTERS for part in parts):
                raise ValidationError({"words": f"“{phrase}” is too short: nearly every message contains it."})

    @property
    def phrases(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]


def staff_address() -> str:
    """Return where staff notifications go: the clinic's setting, or else the sender's own address."""
    details = ClinicDetails.objects.only("notify_email").first()
    return (details.notify_email if details else "") or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def proof_address() -> str:
    return DeskSettings.load().proof_email or staff_address()
