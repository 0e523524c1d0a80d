"""Words that staff maintain: reply templates, the usual waits on the website, and warning signs, which show the patient
emergency advice first.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.models import PractitionerPage
from contact.admin.base import DeskAdmin, FixedAdmin
from contact.models import DeskSettings, Enquiry, RedFlag, ReplyText
from contact.screening.review import why_due
from contact.workflow.reply_templates import filled, values_for


@admin.register(ReplyText)
class ReplyTextAdmin(DeskAdmin):
    heading = "Reply templates"
    list_display = ("title", "sort_order")
    list_editable = ("sort_order",)
    search_fields = ("title", "body")
    fields = ("title", "body", "as_it_reads", "sort_order")
    readonly_fields = ("as_it_reads",)

    @admin.display(description="Preview, once saved")
    def as_it_reads(self, text: ReplyText) -> SafeString:
        sample = Enquiry(name="Sam Sample", reference="K7-3F9Q", best_time=Enquiry.BestTime.MORNING)
        words = filled(text.body, values_for(sample, User(first_name="Mo", last_name="Example")))
        return format_html("{}", linebreaksbr(words))


@admin.register(PractitionerPage)
class WaitAdmin(FixedAdmin):
    """How long people wait for a first visit with each physiotherapist: nothing else of their pages."""

    heading = "Usual waits"
    list_display = ("title", "usual_wait", "new_patients")
    list_editable = ("usual_wait",)
    fields = ("usual_wait",)
    actions: Any = None

    def save_model(self, request: HttpRequest, obj: PractitionerPage, form: Any, change: bool) -> None:
        obj.save(update_fields=["usual_wait"])


@admin.register(RedFlag)
class WarningSignAdmin(DeskAdmin):
    heading = "Warning signs: words that make the form show emergency advice first"
    list_display = ("name", "number_of_phrases", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "words")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        help_text = render_to_string("contact/notation.html", {"is_help": True})
        words = {"help_texts": {"words": help_text}, "widgets": {"words": forms.Textarea({"rows": 16, "cols": 60})}}
        return super().get_form(request, obj, change, **words, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say who is responsible for the list, and when it was reviewed (`redflag/change_list.html`)."""
        desk = DeskSettings.objects.select_related("red_flags_owner").first() or DeskSettings()
        return super().changelist_view(request, {"desk": desk, "why_due": why_due(desk)})

    @admin.display(description="Phrases")
    def number_of_phrases(self, sign: RedFlag) -> int:
        return len(sign.phrases)
