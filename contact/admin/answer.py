"""The form of “Our answer”: two colleagues at one enquiry do not undo each other's work."""

from __future__ import annotations

from typing import Any

from django import forms

from contact.models import Enquiry


class AnswerForm(forms.ModelForm):
    """Saves only what this person changed since the page was opened; the rest stays as colleagues left it."""

    class Meta:
        model = Enquiry
        fields = ("status", "assigned_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The page remembers what it showed: an old tab is not taken for a change back.
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in set(cleaned) - set(self.changed_data):
            cleaned[name] = getattr(self.instance, name)
        return cleaned
