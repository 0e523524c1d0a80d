"""What a patient wrote: the only model that holds a patient's name, address or words."""

import re
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clinic.lib.characters import folded
from clinic.lib.email_addresses import clean_address, same_mailbox
from clinic.lib.telephone import LOCAL_LENGTH, digits_of, normalised, without_exit_code

MESSAGE_LENGTH = 4000
# References such as `K7-3F9Q` are read out on the telephone: without 0 O 1 I L 2 Z 5 S 8 B U V, as none
# may be taken for another, read or heard.
REFERENCE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"

REFERENCE = re.compile(rf"\b[{REFERENCE_ALPHABET}]{{2}}-[{REFERENCE_ALPHABET}]{{4}}\b")


# With a warning sign, until someone has acted or seen that it is not urgent.
URGENT = Q(urgency_ended_at=None) & ~Q(red_flags=[])
# Listed with the warning signs: it cannot wait for the promised reply either.
SOON = "Visit within a working day"

# A search for fewer digits is a search for words.
FEWEST_DIGITS = 3


class Status(models.TextChoices):
    NEW = "new", "New"
    IN_PROGRESS = "in_progress", "In progress"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"
    SUSPECTED_SPAM = "suspected_spam", "Suspected spam"
    SPAM = "spam", "Spam"


WAITING = (Status.NEW, Status.IN_PROGRESS)
# Someone still has to answer these, or decide whether they are spam.
UNDECIDED = (*WAITING, Status.SUSPECTED_SPAM)
# Retention counts from the day an enquiry gets one of these; suspected spam waits for a person to decide.
ENDED = (Status.CLOSED, Status.SPAM)


class PatientEnquiryManager(models.Manager["Enquiry"]):
    """Enquiries that people wrote: without those of the daily synthetic check."""

    def get_queryset(self) -> "models.QuerySet[Enquiry]":
        return super().get_queryset().filter(is_canary=False)


class Enquiry(models.Model):
    class PreferredContact(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        EITHER = "either", "Either"

    class BestTime(models.TextChoices):
        ANY = "any", "Any time"
        MORNING = "morning", "Before 11 a.m."
        MIDDAY = "midday", "11 a.m. to 2 p.m."
        AFTERNOON = "afternoon", "2 to 5 p.m."
        LATE = "late", "After 5 p.m."

    # Short answers to "What is it about?", and neutral: they appear in the staff's e-mail, which must
    # say nothing about anyone's health.
    class Topic(models.TextChoices):
        APPOINTMENT = "appointment", "An appointment"
        CHANGE_SOON = "change_soon", "Change or cancel: today or next working day"
        CHANGE = "change", "Change or cancel a later visit"
        TREATMENT = "treatment", "A treatment"
        FEES = "fees", "Fees and insurance"
        REFERRAL = "referral", "A referral"
        LOCATION = "location", "Getting here"
        OTHER = "other", "Something else"

    Status = Status

    reference = models.CharField(max_length=7, unique=True, editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=50, blank=True)
    phone_digits = models.CharField(max_length=50, blank=True, editable=False)
    phone_normalised = models.CharField(
        "phone, as it is dialled", max_length=20, blank=True, db_index=True, editable=False
    )
    # A number that staff heard on the phone; what the patient typed stays as it is.
    heard_phone = models.CharField("number heard on the phone", max_length=50, blank=True, db_index=True)
    mailbox = models.CharField(max_length=254, blank=True, db_index=True, editable=False)
    search_text = models.TextField(editable=False)
    preferred_contact = models.CharField("preferred way", max_length=6, choices=PreferredContact)
    best_time = models.CharField(max_length=10, choices=BestTime, default=BestTime.ANY, blank=True)
    voicemail_ok = models.BooleanField("voicemail OK", default=False)
    topic = models.CharField("topic", max_length=20, choices=Topic)
    about = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    about_title = models.CharField("sent from page", max_length=255, blank=True)
    message = models.TextField(max_length=MESSAGE_LENGTH, blank=True)

    status = models.CharField(
        max_length=14,
        choices=Status,
        default=Status.NEW,
        help_text="“Answered” and “Closed” take it off the waiting list.",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_enquiries",
        help_text="Only people who may see enquiries can be chosen.",
    )
    due_at = models.DateTimeField("answer by", null=True, blank=True, editable=False)
    # What the patient was told, and the statistics go by; `due_at` may be moved later, as after a reply that bounced.
    promised_at = models.DateTimeField(null=True, blank=True, editable=False)
    # One with a warning sign is first in line until then.
    urgency_ended_at = models.DateTimeField("seen, not urgent", null=True, blank=True, editable=False)
    follow_up_at = models.DateTimeField("try again", null=True, blank=True, editable=False)
    follow_up_reason = models.CharField(max_length=80, blank=True, editable=False)
    waiting_for_patient = models.BooleanField(default=False, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("closed or marked as spam", null=True, blank=True, editable=False)
    legal_hold = models.BooleanField(default=False, help_text="Never deleted while this is checked.")
    # Raised by each save at the desk, so that a save from a page opened earlier is noticed.
    revision = models.PositiveIntegerField(default=0, editable=False)

    honeypot_filled = models.BooleanField("hidden field was filled in", default=False, editable=False)
    headers_missing = models.BooleanField("browser did not say where the form came from", default=False, editable=False)
    screening_score = models.PositiveSmallIntegerField(default=0, editable=False)
    screening_reasons = models.JSONField(default=list, blank=True, editable=False, help_text="Why, in words.")
    red_flags = models.JSONField(default=list, blank=True, editable=False, help_text="Names of the warning signs.")
    masked = models.JSONField(default=list, blank=True, editable=False, help_text="What was hidden in the message.")
    # A keyed hash of the network address, for 24 hours: only to count how many come from one.
    sender_hash = models.CharField(max_length=64, blank=True, editable=False)
    # The same for its network, of which many addresses belong to one sender.
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    is_receipt_held = models.BooleanField(
        "receipt held",
        default=False,
        editable=False,
        help_text="Not sent until someone has decided that the enquiry is not spam.",
    )
    marked_spam = models.BooleanField(
        null=True, editable=False, help_text="What someone decided at the desk, if anyone did."
    )
    privacy_notice = models.ForeignKey(
        "contact.PrivacyNotice", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_canary = models.BooleanField(default=False, editable=False)
    # A keyed hash of the answers: the same ones are the same enquiry, which waits again if they come later.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)

    # Of one in a list: what else the same person sent (`contact.workflow.overview`), and whether mail failed.
    wrote_before = ""
    has_failed_mail = False

    objects = PatientEnquiryManager()
    all_objects = models.Manager["Enquiry"]()

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ["-received_at"]
        default_manager_name = "objects"
        permissions = [
            ("export_enquiry", "Can export enquiries"),
            ("hold_enquiry", "Can put enquiries on legal hold"),
            ("erase_enquiry", "Can erase what a person sent"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=WAITING), name="enquiry_due"),
            models.Index(fields=["status", "received_at"], name="enquiry_status_received"),
            models.Index(fields=["assigned_to", "status", "received_at"], name="enquiry_assigned"),
            models.Index(fields=["-received_at"], name="enquiry_received"),
        ]

    def __str__(self) -> str:
        # This is also in logs and in the admin's history: never the name.
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.reference = self.reference or new_reference()
        self.phone_digits = digits_of(self.phone)
        self.mailbox = same_mailbox(self.email)
        self.search_text = search_text(
            self.name, self.email, self.phone, self.reference, self.heard_phone, self.message
        )
        if self.is_waiting:
            self.answered_at = None
        elif self.status == Status.ANSWERED and self.answered_at is None:
            self.answered_at = timezone.now()
        if self.status not in ENDED:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = timezone.now()
        super().save(*args, **kwargs)

    def display(self, name: str) -> Any:
        """Return a field's value as people read it: the label of a choice, anything else as it is."""
        return getattr(self, f"get_{name}_display", lambda: getattr(self, name))()

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_urgent(self) -> bool:
        return bool(self.red_flags) and self.urgency_ended_at is None

    @property
    def is_read_first(self) -> bool:
        """Whether the patient was promised that it is read before the others."""
        return bool(set(self.red_flags) - {SOON})


class FeatureType(models.TextChoices):
    """The value of a text or a sender is a keyed hash; domains are as they were written."""

    TEXT = "text", "The same text"
    SENDER = "sender", "The same e-mail address"
    LINK = "link", "A link to"
    DOMAIN = "domain", "E-mail from"


class SpamFeature(models.Model):
    """A part of an enquiry that the screening recognizes when it comes again; deleted with the enquiry."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="spam_features")
    kind = models.CharField(max_length=6, choices=FeatureType)
    value = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["value", "kind"], name="spam_feature_value")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


def new_reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{letters[:2]}-{letters[2:]}"


def as_reference(typed: str) -> str | None:
    """Return what was typed as a reference, however it was written, or `None` when it cannot be one."""
    letters = re.sub(r"[\W_]", "", typed).upper()
    if len(letters) == 6 and set(letters) <= set(REFERENCE_ALPHABET):  # noqa: PLR2004  two and four, as above
        return f"{letters[:2]}-{letters[2:]}"
    return None


def search_text(name: str, email: str, phone: str, reference: str, heard: str = "", message: str = "") -> str:
    """Return what is stored in `Enquiry.search_text`.

    A number appears as typed and as dialled; a name also in one word, so that “O’Connell” finds “O Connell”.
    """
    numbers = (digits_of(phone), digits_of(normalised(phone)), digits_of(heard))
    names = (folded(name), folded(name).replace(" ", ""))
    return " ".join(dict.fromkeys(filter(None, (*names, folded(email), *numbers, folded(reference), folded(message)))))


def search_terms(typed: str) -> str:
    """Return what a person typed as it appears in `search_text`: words, an address, or the digits of one number."""
    digits = digits_of(typed.strip().removeprefix("+1"))
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]|@", typed):
        # Three or four digits may be the end of a number; only a whole one can begin with an exit code.
        return without_exit_code(digits) if len(digits) >= LOCAL_LENGTH else digits
    return folded(clean_address(typed) if "@" in typed else typed)
