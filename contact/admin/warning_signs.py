"""Warning signs, kept by managers: words for which a patient is shown the emergency wording before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from contact.admin.base import DeskAdmin
from contact.models import DeskSettings, RedFlag
from contact.screening.review import NOTATION, has_changed, is_current

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FEWEST_LETTERS = 3
HELP = format_html(
    "Words or short phrases, one to a line; case, accents and apostrophes do not matter.{}<br>A mention is enough; "
    "only a plain “no …” right before the words is not one. Rather one false alarm too many than one sign missed.",
    format_html_join("", "<br><strong>{}</strong> {}", NOTATION),
)


class WarningSignForm(forms.ModelForm):
    class Meta:
        model = RedFlag
        fields = ("name", "words", "is_active")
        help_texts = {"words": HELP}
        widgets = {"words": forms.Textarea(attrs={"rows": 16, "cols": 60})}

    def clean_words(self) -> str:
        """Refuse what would be found in every message, and then read by nobody."""
        words: str = self.cleaned_data["words"]
        for line in words.splitlines():
            parts = line.split("+")
            if line.strip() and any(sum(map(str.isalnum, part)) < FEWEST_LETTERS for part in parts):
                raise ValidationError(f"“{line.strip()}” is too short: it would be found everywhere.")
        return words


@admin.register(RedFlag)
class WarningSignAdmin(DeskAdmin):
    form = WarningSignForm
    list_display = ("name", "number_of_phrases", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "words")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):
            self._say_who_answers(request)
        title = "Warning signs: these words bring the emergency wording first"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description="Phrases")
    def number_of_phrases(self, sign: RedFlag) -> int:
        return len(sign.phrases)

    def _say_who_answers(self, request: HttpRequest) -> None:
        text, is_well = who_answers()
        self.message_user(request, text, messages.INFO if is_well else messages.WARNING)


def who_answers() -> tuple[str, bool]:
    """Return which physiotherapist answers for the list and when it was looked through, and whether that is well."""
    desk = DeskSettings.objects.select_related("red_flags_owner").first() or DeskSettings()
    owner = f"{desk.red_flags_owner.title} answers for this list" if desk.red_flags_owner else "Nobody answers for it"
    is_well = bool(desk.red_flags_owner) and is_current(desk)
    what_to_do = [] if is_well else ["A physiotherapist reviews it once a year: Wagtail admin, Warning signs."]
    if not desk.red_flags_owner:
        what_to_do.append("Name who answers for it: Wagtail admin, Settings → Enquiry desk.")
    return " ".join([f"{owner}; {_last_review(desk)}.", *what_to_do]), is_well


def _last_review(desk: DeskSettings) -> str:
    if not desk.red_flags_reviewed_on:
        return "never reviewed"
    by = f" by {desk.red_flags_reviewed_by}" if desk.red_flags_reviewed_by else ""
    since = ", and changed since" if has_changed(desk) else ""
    return f"last reviewed {date_format(desk.red_flags_reviewed_on, 'j F Y')}{by}{since}"
