"""What staff write to an enquiry's timeline: notes, phone calls and replies. Deleted with the enquiry."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from clinic.lib.characters import folded
from contact.models.enquiry import Enquiry


class EntryType(models.TextChoices):
    NOTE = "note", "Note"
    CALL = "call", "Phone call"
    REPLY = "reply", "Reply by e-mail"


class Entry(models.Model):
    class CallOutcome(models.TextChoices):
        REACHED = "reached", "Reached"
        VOICEMAIL = "voicemail", "Voicemail left"
        NO_ANSWER = "no_answer", "No answer"
        THEY_CALLED = "they_called", "They called us"
        WRONG_NUMBER = "wrong_number", "Wrong number"

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField("type", max_length=5, choices=EntryType)
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    call_outcome = models.CharField(max_length=12, choices=CallOutcome, blank=True)
    text = models.TextField(
        blank=True, help_text="The patient may ask to see what you write here. Write only what is needed."
    )

    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.enquiry.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = folded(self.text)
        super().save(*args, **kwargs)


# Filled in by one substitution of these names only, never by `str.format`: no attribute, index or format code works,
# and a value that contains a placeholder is not filled in again.
KNOWN = ("name", "reference", "when", "clinic", "phone", "me")
PLACEHOLDER = re.compile(rf"\{{({'|'.join(KNOWN)}|page:[\w-]+)\}}")


class ReplyText(models.Model):
    """A template for replies; `{name}` and the like are filled in when staff choose it."""

    title = models.CharField(max_length=80, unique=True)
    body = models.TextField(
        help_text="May contain {name}, {reference}, {clinic}, {phone}, {me} (the name of whoever replies), {when} "
        "(such as “ in the morning, as you asked”, or nothing where no time was chosen) and {page:fees} (the link to "
        "the page whose address ends in “fees”). Say nothing about anyone's health: e-mail is not private."
    )
    sort_order = models.PositiveSmallIntegerField("order", default=0)

    class Meta:
        verbose_name = "reply template"
        verbose_name_plural = "reply templates"
        ordering = ["sort_order", "title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a mistyped placeholder such as `{nmae}`: patients would see it."""
        if unknown := dict.fromkeys(re.findall(r"\{[^{}]*\}", PLACEHOLDER.sub("", self.body))):
            known = ", ".join(f"{{{name}}}" for name in (*KNOWN, "page:fees"))
            raise ValidationError({"body": f"Unknown placeholder: {', '.join(unknown)}. Known ones are {known}."})
