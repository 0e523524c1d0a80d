"""Words that staff maintain: reply templates, the usual waits on the website, and warning signs, which show the patient
emergency advice first.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.models import PractitionerPage
from contact.admin.base import DeskAdmin, FixedAdmin
from contact.models import DeskSettings, Enquiry, RedFlag, ReplyText
from contact.screening.review import NOTATION, why_due
from contact.workflow.reply_templates import filled, values_for

HELP = format_html(
    "Words or short phrases, one per line; case, accents, apostrophes and typing errors do not matter.{}<br>Any "
    "mention counts, unless it is denied or long past. A false alarm is better than a missed sign.",
    format_html_join("", "<br><strong>{}</strong> {}", NOTATION),
)


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
        words = {"help_texts": {"words": HELP}, "widgets": {"words": forms.Textarea({"rows": 16, "cols": 60})}}
        return super().get_form(request, obj, change, **words, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):
            text, is_in_order = review_status()
            self.message_user(request, text, messages.INFO if is_in_order else messages.WARNING)
        return super().changelist_view(request, extra_context)

    @admin.display(description="Phrases")
    def number_of_phrases(self, sign: RedFlag) -> int:
        return len(sign.phrases)


def review_status() -> tuple[str, bool]:
    """Return who is responsible for the list and when it was last reviewed, and whether that is in order."""
    desk = DeskSettings.objects.select_related("red_flags_owner").first() or DeskSettings()
    owner, day = desk.red_flags_owner, desk.red_flags_reviewed_on
    by = f" by {desk.red_flags_reviewed_by}" if desk.red_flags_reviewed_by else ""
    reviewed = f"last reviewed {date_format(day)}{by}" if day else "never reviewed"
    said = [f"{owner.title if owner else 'No physiotherapist'} is responsible for this list; {reviewed}."]
    if why := why_due(desk):
        said.append(f"{why}. A physiotherapist has to review it once a year: Wagtail admin, Warning signs.")
    if not owner:
        said.append("Choose who is responsible: Wagtail admin, Settings → Enquiry desk.")
    return " ".join(said), len(said) == 1
