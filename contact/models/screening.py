"""What screening counts: what came before, and how many receipts an address was sent. Hashes are keyed."""

from django.db import models

from contact.models.enquiry import Enquiry


class FeatureType(models.TextChoices):
    """The value of a text or a sender is a hash; domains are as they were written."""

    TEXT = "text", "The same text"
    SENDER = "sender", "The same e-mail address"
    LINK = "link", "A link to"
    DOMAIN = "domain", "E-mail from"


class SpamFeature(models.Model):
    """A part of an enquiry that is recognized when it comes again; deleted with the enquiry."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="spam_features")
    kind = models.CharField(max_length=6, choices=FeatureType)
    value = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["value", "kind"], name="spam_feature_value")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class MailedReceipts(models.Model):
    """When receipts were sent to an e-mail address within the last day; locked while one is added."""

    address_hash = models.CharField(max_length=64, unique=True)
    times = models.JSONField(default=list, help_text="Seconds since 1970.")
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "mailed receipts"

    def __str__(self) -> str:
        return f"{len(self.times)} receipts"
