"""What an editor of a treatment or condition is asked before it is submitted or published."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.functional import cached_property
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import page_permission_policy

from clinic.models.base import SUBMITS, PageForm


class Record(TextChoices):
    """What an editor says about a change, recorded in the page's history."""

    SPELLING = "services.correct_spelling", "It corrects spelling: the sign-off stays valid"
    MEANING = "services.change_meaning", "It changes what patients read: a physiotherapist has to sign it off"
    UNCHECKED = "services.publish_unchecked", "Published without a clinical sign-off"


class ClinicalPageForm(PageForm):
    change = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        choices=Record.choices[:2],
        label="Is this a correction of spelling, or does it change what patients read?",
        help_text="Your answer is recorded in the page's history.",
    )
    publish_unchecked = forms.BooleanField(
        required=False,
        label="Publish without a clinical sign-off",
        help_text="Readers see that no physiotherapist has checked this text yet. Recorded in the page's history.",
    )

    @cached_property
    def question(self) -> str:
        """The field to answer before this content is published; empty if it is signed off."""
        page = self.instance
        if page.match_sign_off():
            return ""
        stored = type(page).objects.filter(pk=page.pk, content_changed_on=None).exclude(last_reviewed=None)
        return "change" if stored.exists() else "publish_unchecked"

    def _post_clean(self) -> None:
        super()._post_clean()
        # The form may come back with an error: its buttons then say what happens to the changed page.
        self.instance.has_unpublished_changes |= self.has_changed()
        publishes = "action-publish" in self.data
        if not publishes and self.data.keys().isdisjoint(SUBMITS):
            return
        for name, error in self.instance.missing().items():
            if name in self.cleaned_data:
                self.add_error(name, error)
        question = self.question
        answer = self.cleaned_data.get(question)
        if answer:
            self.instance.record = Record(answer) if question == "change" else Record.UNCHECKED
        elif question == "change":
            self.add_error(question, "The text has changed since it was signed off. Say what kind of change this is.")
        elif question and publishes:
            self.add_error(question, "No physiotherapist has signed this text off. Submit it, or check this box.")


class QuestionPanel(FieldPanel):
    """Shown only when the question has to be answered."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            if not super().is_shown() or not self.form or self.form.question != self.field_name:
                return False
            publishes = page_permission_policy.user_has_permission(self.request.user, "publish")
            return publishes or self.field_name == "change"


class DraftCopyForm(CopyForm):
    """A copy begins as a draft: it has no sign-off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
