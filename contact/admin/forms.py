"""The form on an enquiry's page: what we decide, a phone call and a note, saved together or not at all."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from clinic.lib.http import parse_pk
from clinic.lib.telephone import normalised
from contact.intake.promise import reply_policy
from contact.models import Enquiry, Entry
from contact.models.enquiry import WAITING, Status
from contact.workflow.overview import answered_together
from contact.workflow.sharing import DAYS, current_shares, end_share, physiotherapists, share
from contact.workflow.timeline import log_call, write_note
from contact.workflow.updates import DECISIONS, URGENCY, colleagues, display_name, field_in_words, update_enquiry
from contact.workflow.waiting import follow_up_times

Outcome = Entry.CallOutcome
LONGEST = 4000
# The call and the note are elsewhere on the page, but belong to the same form: every button saves all of it.
PAGE_FORM = {"form": "enquiry_form"}
ANSWERED = "_answered"
CALL_OUTCOMES = (
    (f"{Outcome.REACHED}{ANSWERED}", "Reached, and the enquiry is answered"),
    (Outcome.REACHED, "Reached, more to do"),
    (f"{Outcome.THEY_CALLED}{ANSWERED}", "They called us, and the enquiry is answered"),
    (Outcome.THEY_CALLED, "They called us, more to do"),
    (Outcome.VOICEMAIL, "Left a voicemail"),
    (Outcome.NO_ANSWER, "No answer"),
    (Outcome.WRONG_NUMBER, "Wrong number"),
)
NO_VOICEMAIL = (
    "This patient did not agree to voicemail. If you did leave one, choose “No answer”, write a note and let a manager "
    "know."
)
PATIENT_MAY_ASK = "The patient may ask to see what you write here. Include only what is needed."


def text_field(label: str, rows: int, help_text: str = PATIENT_MAY_ASK) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, **PAGE_FORM})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, help_text=help_text)


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return display_name(person)


class EnquiryForm(forms.ModelForm):
    """Refuses to overwrite what a colleague changed since the page was opened, and shows both versions.

    Saving again is then deliberate. A page on which nothing was changed overwrites nothing and is never refused. The
    call and the note may stay empty, unless their own buttons, `_call` and `_note`, were pressed.
    """

    call_outcome = forms.ChoiceField(
        choices=CALL_OUTCOMES, widget=forms.RadioSelect(PAGE_FORM), label="How did the call go?", required=False
    )
    call_text = text_field("Details, if needed", 2)
    follow_up_on = forms.DateTimeField(
        label="Try again on",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", **PAGE_FORM}, format="%Y-%m-%dT%H:%M"),
    )
    note_text = text_field("Note for colleagues", 3)
    share_with = ColleagueField(
        physiotherapists().exclude(email=""), label="Physiotherapist", required=False, widget=forms.Select(PAGE_FORM)
    )
    share_days = forms.ChoiceField(
        choices=[(days, f"{days} days") for days in DAYS], label="For", required=False, widget=forms.Select(PAGE_FORM)
    )
    share_question = text_field("Your question", 2, f"Saved as a note. {PATIENT_MAY_ASK}")
    hold_reason = text_field(
        "Reason for starting or ending the legal hold", 2, "Saved as a note. Required when you change the legal hold."
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Enquiry
        fields = (*DECISIONS, "heard_phone")
        field_classes = {"assigned_to": ColleagueField}
        widgets = {"heard_phone": forms.TextInput({"autocomplete": "off", **PAGE_FORM})}
        help_texts = {"heard_phone": "Saved in addition to the number the patient typed, which stays as it is."}

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry, may_hold: bool) -> None:
        super().__init__(data, instance=enquiry, label_suffix="")
        self.may_hold = may_hold
        if not may_hold:
            del self.fields["legal_hold"], self.fields["hold_reason"]
        self.stored = {name: getattr(enquiry, name) for name in DECISIONS}
        self.stored_revision = self.initial["seen_revision"] = enquiry.revision
        # Label, as it is now, and as this person wants it; empty where they did not change it.
        self.versions: list[tuple[str, str, str]] = []
        assignee = cast("forms.ModelChoiceField", self.fields["assigned_to"])
        # A colleague who has left stays until someone chooses: saving a note assigns nothing.
        present = Q(pk__in=colleagues().values("pk")) | Q(pk=enquiry.assigned_to_id)
        assignee.queryset = get_user_model().objects.filter(present).order_by("username")
        assignee.empty_label = "Unassigned"
        status, suspected = cast("forms.ChoiceField", self.fields["status"]), Status.SUSPECTED_SPAM
        if suspected not in {enquiry.status, self.data.get(self.add_initial_prefix("status"))}:
            # Only screening sets it.
            status.choices = [choice for choice in Status.choices if choice[0] != suspected]
        if not enquiry.voicemail_ok:
            outcome = cast("forms.ChoiceField", self.fields["call_outcome"])
            outcome.choices = [choice for choice in CALL_OUTCOMES if choice[0] != Outcome.VOICEMAIL]
            outcome.help_text = NO_VOICEMAIL
        for name in self.decisions:
            # What the page showed is posted too: only what differs from it was changed by this person.
            self.fields[name].show_hidden_initial = True

    @property
    def decisions(self) -> list[str]:
        return [name for name in DECISIONS if name in self.fields]

    @property
    def changed_decisions(self) -> dict[str, Any]:
        """What this person changed and is not yet stored that way, so that a second click changes nothing."""
        chosen = {name: self.cleaned_data[name] for name in self.decisions if name in self.changed_data}
        return {name: value for name, value in chosen.items() if value != self.stored[name]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("call_outcome") == "" and ("_call" in self.data or cleaned.get("call_text")):
            self.add_error("call_outcome", "Choose how the call went.")
        chosen = self.data.get("follow_up", "")
        if chosen == "on" and not (cleaned.get("follow_up_on") and cleaned["follow_up_on"] > timezone.now()):
            self.add_error("follow_up_on", "Choose a day and time that is still ahead.")
        if "_note" in self.data and not cleaned.get("note_text"):
            self.add_error("note_text", "Write the note first.")
        if cleaned.get("share_with", "") is None and ("_share" in self.data or cleaned.get("share_question")):
            self.add_error("share_with", "Choose a physiotherapist.")
        if "legal_hold" in self.changed_data and not cleaned.get("hold_reason"):
            self.add_error("hold_reason", "Give the reason for starting or ending the legal hold.")
        if not self.errors and self.changed_decisions and cleaned["seen_revision"] != self.stored_revision:
            now, mine = (
                {name: field_in_words(Enquiry(**values), name) or "Unassigned" for name in values}
                for values in (self.stored, self.changed_decisions)
            )
            self.versions = [(str(self.fields[name].label), now[name], mine.get(name, "")) for name in self.decisions]
            raise ValidationError("A colleague changed this enquiry meanwhile. Nothing has been saved yet.")
        return cleaned

    def apply(self, request: HttpRequest) -> str:
        """Save the call, the note and the decisions, and return what was done, or "" where there was nothing to do.

        A decision made here wins over what the call alone would change. Raises `StaleError` when a colleague saved
        since this form was checked; to be called in a transaction.
        """
        enquiry = Enquiry.objects.get(pk=self.instance.pk)
        decisions, reason = self.changed_decisions, self.cleaned_data.get("hold_reason")
        if decisions:
            # First of all: it locks the row and finds out whether a colleague was quicker.
            update_enquiry(enquiry, request, seen=self.cleaned_data["seen_revision"])
        done = [self._log_call(enquiry, request)]
        if note := self.cleaned_data["note_text"]:
            write_note(enquiry, request, note)
            done.append("note saved")
        if self.cleaned_data["heard_phone"] != enquiry.heard_phone and "heard_phone" in self.data:
            heard = normalised(self.cleaned_data["heard_phone"]) or self.cleaned_data["heard_phone"]
            decisions = {**decisions, "heard_phone": heard}
        decisions = {**decisions, **self._follow_up(enquiry)}
        done.append(update_enquiry(enquiry, request, **decisions) if decisions else "")
        done += self._share(enquiry, request)
        enquiry.refresh_from_db()
        for other in answered_together(enquiry, cast("QueryDict", self.data).getlist("together")):
            self._log_call(other, request)
            if enquiry.status != self.stored["status"]:
                update_enquiry(other, request, status=enquiry.status)
            write_note(other, request, f"Together with {enquiry.reference}.")
            done.append(f"{other.reference} as well")
        if reason:
            write_note(enquiry, request, f"Legal hold: {reason}" if "legal_hold" in self.changed_data else reason)
            done.append("reason saved as a note")
        return "; ".join(filter(None, done))

    def to_show_again(self) -> "EnquiryForm":
        """Return this refused form for the next page: what this person changed, over what is stored now."""
        if not self.versions:
            return self
        data = cast("QueryDict", self.data).copy()
        data["seen_revision"] = str(self.stored_revision)
        for name in self.decisions:
            stored = self.fields[name].prepare_value(getattr(self.stored[name], "pk", self.stored[name]))
            for key in (self.add_initial_prefix(name), *([] if name in self.changed_data else [name])):
                # As a browser would post it: an unchecked box is not sent at all.
                data.setlist(key, [] if stored is None or stored is False else [str(stored)])
        enquiry = Enquiry.objects.get(pk=self.instance.pk)
        form = type(self)(data, enquiry=enquiry, may_hold=self.may_hold)
        form.versions = self.versions
        return form

    def _log_call(self, enquiry: Enquiry, request: HttpRequest) -> str:
        chosen = self.cleaned_data["call_outcome"]
        if not chosen:
            return ""
        is_answer, outcome = chosen.endswith(ANSWERED), Outcome(chosen.removesuffix(ANSWERED))
        log_call(enquiry, request, outcome, self.cleaned_data["call_text"], is_answer=is_answer)
        return f"call logged ({outcome.label.lower()})"

    def _share(self, enquiry: Enquiry, request: HttpRequest) -> list[str]:
        """Share it with a physiotherapist, or end that; return what was done."""
        colleague, days, question = (self.cleaned_data[f"share_{name}"] for name in ("with", "days", "question"))
        ended = current_shares().filter(enquiry=enquiry, pk=parse_pk(self.data.get("_end_share", "")) or 0).first()
        if ended:
            end_share(ended, request)
        shared = share(enquiry, request, colleague, int(days or DAYS[0]), question) if colleague else ""
        return [f"no longer shared with {display_name(ended.user)}" if ended else "", shared and f"shared {shared}"]

    def _follow_up(self, enquiry: Enquiry) -> dict[str, Any]:
        """Return when someone chose to try again, or to wait for the patient; an answered enquiry waits again then."""
        chosen, times = self.data.get("follow_up", ""), follow_up_times(enquiry, timezone.now(), reply_policy())
        at = self.cleaned_data["follow_up_on"] if chosen == "on" else times.get(chosen)
        if at is None and chosen != "reply":
            return {}
        call = self.cleaned_data["call_outcome"].removesuffix(ANSWERED)
        again = {} if enquiry.status in WAITING else {"status": Status.IN_PROGRESS}
        reason = Outcome(call).label.lower() if call else ""
        ended = {URGENCY: enquiry.urgency_ended_at or timezone.now()}
        follow_up = {"follow_up_at": at, "follow_up_reason": reason, "waiting_for_patient": at is None}
        return {**again, **ended, **follow_up}
