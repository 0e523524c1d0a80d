"""Ready-made replies: managers write them, everybody at the desk uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from clinic.last_known import contact_details
from contact.admin.ticks import TickedByNumber
from contact.models import ReplyText
from contact.ready_made import fill_in

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(ReplyText)
class ReplyTextAdmin(TickedByNumber):
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
