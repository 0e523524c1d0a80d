from django.conf import settings
from django.db import models
from django.utils import timezone

from contact.models.enquiry import Enquiry


class ShareQuerySet(models.QuerySet["Share"]):
    def current(self) -> "ShareQuerySet":
        """Return those whose last day is today or later."""
        return self.filter(until__gte=timezone.localdate())


class Share(models.Model):
    """A physiotherapist who may read one enquiry for some days. Ending it early deletes the row; the log has both."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    until = models.DateField(help_text="The last day.")

    objects = ShareQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["enquiry", "user"], name="share_once_per_colleague")]

    def __str__(self) -> str:
        return f"{self.enquiry} until {self.until}"
