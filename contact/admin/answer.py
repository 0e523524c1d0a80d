"""The form of “Our answer”: two colleagues at one enquiry do not undo each other's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError

from contact.admin.writing import CallForm, NoteForm
from contact.models import Enquiry
from contact.models.enquiry import Status
from contact.workflow.updates import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

STALE = "A colleague changed this enquiry while your page was open. Nothing was saved yet."


@dataclass(frozen=True)
class Version:
    """One decision in words: as it stands now, and as this person wants it; `mine` is empty when left alone."""

    label: str
    now: str
    mine: str


class AnswerForm(forms.ModelForm):
    """Refuses to save over what a colleague did since the page was opened, and shows both; saving again is deliberate.

    A page from which nothing was changed overwrites nothing and is never refused. The call and the note that are
    written on the same page are saved with it, or nothing is.
    """

    hold_reason = forms.CharField(
        label="Why the legal hold begins or ends",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept as a note. Needed when you change the legal hold.",
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Enquiry
        fields = DECISIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if "legal_hold" not in self.fields:
            del self.fields["hold_reason"]
        self.stored = {name: getattr(self.instance, name) for name in DECISIONS}
        self.stored_revision = self.instance.revision
        self.initial["seen_revision"] = self.stored_revision
        self.versions: list[Version] = []
        self._offer_no_suspicion()
        written = cast("QueryDict", self.data) if self.is_bound else None
        self.call, self.note = CallForm(written, enquiry=self.instance), NoteForm(written)
        for name in self.decisions:
            # The page remembers what it showed: what stayed as it was is not taken for a change.
            self.fields[name].show_hidden_initial = True

    @property
    def decisions(self) -> list[str]:
        return [name for name in DECISIONS if name in self.fields]

    @property
    def decided(self) -> dict[str, Any]:
        """What this person changed on the page, without what is so by now: a second click changes nothing more."""
        chosen = {name: self.cleaned_data[name] for name in self.decisions if name in self.changed_data}
        return {name: value for name, value in chosen.items() if value != self.stored[name]}

    def _offer_no_suspicion(self) -> None:
        """Suspected is what the site suspects: nobody chooses it, and where it is so already it can stay."""
        shown = self.data.get(self.add_initial_prefix("status")) if self.is_bound else None
        if "status" in self.fields and Status.SUSPECTED_SPAM not in {self.stored["status"], shown}:
            field = cast("forms.ChoiceField", self.fields["status"])
            field.choices = [choice for choice in Status.choices if choice[0] != Status.SUSPECTED_SPAM]

    def is_valid(self) -> bool:
        # Each is asked, so that each says what is wrong with it.
        return all([super().is_valid(), self.call.is_valid(), self.note.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "legal_hold" in self.changed_data and not cleaned.get("hold_reason"):
            self.add_error("hold_reason", "Say why the legal hold begins or ends.")
        if self.errors:
            return cleaned
        decided = self.decided
        if decided and cleaned["seen_revision"] != self.stored_revision:
            self.versions = [self._version(name, cleaned) for name in self.decisions]
            raise ValidationError(STALE, code="stale")
        # What was left alone stays as it is by now.
        return cleaned | {name: self.stored[name] for name in self.decisions if name not in decided}

    def shown_again(self) -> AnswerForm:
        """Return the refused form as the next page shows it: what they typed, over what stands now."""
        data = cast("QueryDict", self.data).copy()
        data["seen_revision"] = str(self.stored_revision)
        for name in self.decisions:
            field = self.fields[name]
            stored = field.prepare_value(getattr(self.stored[name], "pk", self.stored[name]))
            for key in (self.add_initial_prefix(name), *([] if name in self.changed_data else [name])):
                _put(data, key, stored)
        fresh = type(self)(data, instance=self._meta.model.objects.get(pk=self.instance.pk))
        fresh.versions = self.versions
        return fresh

    def _version(self, name: str, cleaned: Mapping[str, Any]) -> Version:
        mine = _in_words(name, cleaned[name]) if name in self.changed_data else ""
        return Version(str(self.fields[name].label), _in_words(name, self.stored[name]), mine)


def _in_words(name: str, value: Any) -> str:
    if name == "status":
        return Enquiry.Status(value).label
    return {True: "Yes", False: "No", None: "Nobody"}.get(value) or value.get_full_name() or value.get_username()


def _put(data: Any, key: str, value: Any) -> None:
    """Post `value` under `key` as a browser does: an unticked box is not sent at all."""
    data.pop(key, None)
    if value is not None and value is not False:
        data[key] = str(value)
