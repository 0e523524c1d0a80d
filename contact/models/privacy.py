"""Each wording of the privacy notice that was shown beside the form, stored so that it can be read later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class PrivacyNotice(models.Model):
    """`version` is the beginning of the text's SHA-256: the same words are the same version."""

    version = models.CharField(max_length=12, unique=True)
    text = models.TextField(help_text="As it was shown with the form, without markup.")
    first_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "privacy notice"
        ordering = ["-first_used_at"]

    def __str__(self) -> str:
        return self.version
