"""What was imported from the old site, so that a second import makes no doubles."""

from django.db import models
from wagtail.models import Page


class ImportedItem(models.Model):
    """A page or picture of the old site, and what it became here."""

    host = models.CharField(max_length=255, help_text="The old site's name, such as clinic.example.")
    number = models.BigIntegerField(help_text="The item's number there.")
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")
    image = models.ForeignKey("clinic.ClinicImage", null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveBigIntegerField(null=True, help_text="The draft that the import saved last.")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what was imported.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["host", "number"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.host} {self.number}"
