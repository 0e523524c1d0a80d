"""What managers decide about the desk: in the Wagtail admin, under Settings → Enquiry desk."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import DatabaseError, models, transaction
from django.db.models.signals import post_save
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails

SPAM_PHRASES = """guest post
search engine optimization
seo services
first page of google
backlinks
casino
crypto investment
increase your traffic
web design services
dofollow"""


@register_setting(icon="mail")
class DeskSettings(BaseGenericSetting):
    select_related = ["red_flags_owner"]

    reply_within_days = models.PositiveSmallIntegerField(
        "answer within, in working days",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="The promise at the form and on the receipt: by closing time of so many open days after the enquiry. "
        "Closures and Yukon's holidays do not count. Promise only what the clinic keeps.",
    )
    manager_email = models.EmailField(
        "manager's e-mail",
        blank=True,
        help_text="Told when an enquiry stays unanswered after its colleague was reminded. Empty: as staff notices.",
    )
    alarm_email = models.EmailField(
        "alarm address",
        blank=True,
        help_text="Told when mail does not get through, the worker has stopped or the form could not be proven. "
        "Take an address with another provider than the clinic's own.",
    )
    alarm_webhook = models.URLField(
        "alarm web address",
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text="Told the same by HTTPS, for example a text-message or on-call service. Gets no patient's data.",
    )
    proof_email = models.EmailField(
        "address for the daily proof",
        blank=True,
        help_text="Where the test message goes that proves each morning that the form works. Empty: as staff notices.",
    )
    # A copy of the clinic's own setting (`staff_address` below): this row goes with no site.
    last_notify_email = models.EmailField(blank=True, editable=False)
    spam_line = models.PositiveSmallIntegerField(
        "suspected from a score of",
        default=5,
        validators=[MinValueValidator(1)],
        help_text="From here on an enquiry waits in the tray of suspected spam; nobody is told by mail.",
    )
    most_from_one_address = models.PositiveSmallIntegerField(
        "most enquiries from one network address in a day",
        default=6,
        validators=[MinValueValidator(1)],
        help_text="More count as a sign of spam. A household, a camp or a village may share one address.",
    )
    spam_phrases = models.TextField(blank=True, default=SPAM_PHRASES, help_text="One to a line; case does not matter.")
    red_flags_owner = models.ForeignKey(
        "clinic.PractitionerPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="physiotherapist who answers for the warning signs",
    )
    # What a physiotherapist put on record: contact/review.py.
    red_flags_reviewed_on = models.DateField("warning signs last reviewed", null=True, blank=True)
    red_flags_reviewed_by = models.CharField("by", max_length=150, blank=True)
    red_flags_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    keep_closed_days = models.PositiveSmallIntegerField(
        "keep closed enquiries, in days", default=90, validators=[MinValueValidator(1)]
    )
    keep_spam_days = models.PositiveSmallIntegerField(
        "keep spam, in days",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="What is only suspected of being spam stays until somebody decides: look into that tray daily.",
    )
    close_answered_after_days = models.PositiveSmallIntegerField(
        "close answered enquiries after, in days",
        default=14,
        validators=[MinValueValidator(1)],
        help_text="When nothing more has happened. Open enquiries and those on legal hold are never deleted.",
    )
    stored_where = models.CharField(
        max_length=200,
        default="on the clinic’s own web server",
        help_text="For the privacy notice: “It is kept …”. Name the country.",
    )

    panels = [
        MultiFieldPanel([FieldPanel("reply_within_days"), FieldPanel("manager_email")], heading="The promise"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("alarm_email"), FieldPanel("alarm_webhook")]), FieldPanel("proof_email")],
            heading="Alarms and proof",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("spam_line"), FieldPanel("most_from_one_address")]),
                FieldPanel("spam_phrases"),
            ],
            heading="Suspected spam",
        ),
        MultiFieldPanel(
            [
                FieldPanel("red_flags_owner"),
                FieldRowPanel(
                    [
                        FieldPanel("red_flags_reviewed_on", read_only=True),
                        FieldPanel("red_flags_reviewed_by", read_only=True),
                    ]
                ),
            ],
            heading="Warning signs",
            help_text="A physiotherapist reviews the list once a year, in this admin's menu under “Warning signs”.",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("keep_closed_days"), FieldPanel("keep_spam_days")]),
                FieldPanel("close_answered_after_days"),
                FieldPanel("stored_where"),
            ],
            heading="Kept no longer than needed",
        ),
    ]

    class Meta:
        verbose_name = "enquiry desk"
        verbose_name_plural = "enquiry desk"

    def __str__(self) -> str:
        return "enquiry desk"


class RedFlag(models.Model):
    """A warning sign: words that stand for something that cannot wait for an answer by mail."""

    name = models.CharField(max_length=80, unique=True, help_text="As the desk shows it, such as “Chest pain”.")
    words = models.TextField(help_text="Words or short phrases, one to a line; case does not matter.")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        verbose_name = "warning sign"
        ordering = ["name"]
        permissions = [("review_redflag", "Can review warning signs")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.phrases:
            raise ValidationError({"words": "Enter at least one word."})

    @property
    def phrases(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]


def staff_address() -> str:
    """Return where notices to staff go: the clinic's setting, or else its sender's own address.

    Where the setting is lost, as it is with its site, they go on to where it last said.
    """
    details = ClinicDetails.objects.only("notify_email").first()
    chosen = details.notify_email if details else ""
    return chosen or _last_chosen() or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _last_chosen() -> str:
    """Return the address that the clinic's details last named. No enquiry that is being stored is lost over it."""
    try:
        with transaction.atomic():
            return DeskSettings.load().last_notify_email
    except DatabaseError as error:
        log_failure("The last address for notices could not be read", error)
        return ""


def proof_address() -> str:
    """Return where the message goes that proves each day that the form works."""
    return DeskSettings.load().proof_email or staff_address()


def connect() -> None:
    """See to it that the address outlives the clinic's details."""
    post_save.connect(_remember, sender=ClinicDetails, dispatch_uid="staff-address")


def _remember(instance: ClinicDetails, *, created: bool, raw: bool, **_kwargs: Any) -> None:
    # Wagtail makes the details of a new site by itself, without an address: nobody has chosen that.
    if raw or (created and not instance.notify_email):
        return
    desk = DeskSettings.load()
    if desk.last_notify_email != instance.notify_email:
        desk.last_notify_email = instance.notify_email
        desk.save(update_fields=["last_notify_email"])
