"""Ready-made replies: managers write them, everybody at the desk uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from clinic.public.contact_fallback import contact_details
from contact.admin.base import DeskAdmin
from contact.models import ReplyText
from contact.workflow.reply_templates import KNOWN, fill_in, unknown_placeholders

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class ReplyTextForm(forms.ModelForm):
    class Meta:
        model = ReplyText
        fields = ("title", "body", "sort_order")

    def clean_body(self) -> str:
        """Refuse a mistyped placeholder: it would reach patients as it stands."""
        body: str = self.cleaned_data["body"]
        if unknown := unknown_placeholders(body):
            known = ", ".join(f"{{{name}}}" for name in KNOWN)
            raise ValidationError(f"Nothing is known to fill in for {', '.join(unknown)}. Known are {known}.")
        return body


@admin.register(ReplyText)
class ReplyTextAdmin(DeskAdmin):
    form = ReplyTextForm
    list_display = ("title", "sort_order")
    list_editable = ("sort_order",)
    search_fields = ("title", "body")
    fields = ("title", "body", "as_it_reads", "sort_order")
    readonly_fields = ("as_it_reads",)

    @admin.display(description="As it reads, once saved")
    def as_it_reads(self, text: ReplyText) -> SafeString:
        clinic = contact_details()
        sample = {"name": "Sam Sample", "reference": "K7-3F9Q", "me": "Mo"}
        words = fill_in(text.body, sample | {"clinic": clinic.name, "phone": clinic.phone})
        return format_html("{}", linebreaksbr(words))
