"""Notes and phone calls, written on an enquiry's page, and what is decided there by one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clinic.lib.ids import parse_pk
from contact.admin.neighbours import FILTERS
from contact.admin.people import others_here
from contact.intake.submission import is_mail_held
from contact.models import Enquiry, Entry
from contact.models.enquiry import WAITING, Status
from contact.workflow.timeline import log_call, write_note
from contact.workflow.updates import StaleError, status_before_spam, update_enquiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse, QueryDict

Outcome = Entry.CallOutcome
LONGEST = 4000
# Whatever is written on an enquiry's page belongs to one form: each of its buttons keeps all that stands there.
PAGE_FORM = {"form": "enquiry_form"}
ANSWERED = "reached_answered"
CALL_OUTCOMES = (
    (ANSWERED, "Reached, and that answers it"),
    (Outcome.REACHED, "Reached, more to do"),
    (Outcome.VOICEMAIL, "Voicemail left"),
    (Outcome.NO_ANSWER, "No answer"),
    (Outcome.WRONG_NUMBER, "Wrong number"),
)
NO_VOICEMAIL = (
    "Not allowed: this patient did not agree to a voicemail. Choose “No answer”. If one was left all the same, "
    "write a note and tell a manager."
)
MAY_ASK = "The patient may ask to see what is written here. Keep to what is needed."


class Outcomes(forms.RadioSelect):
    """“Voicemail left” cannot be chosen where the patient forbade it, and says so."""

    voicemail_ok = True

    def create_option(self, name: str, value: Any, label: int | str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        is_forbidden = value == Outcome.VOICEMAIL and not self.voicemail_ok
        option = super().create_option(
            name, value, f"{label}: this patient forbade it" if is_forbidden else label, *args, **kwargs
        )
        option["attrs"] |= {"disabled": True} if is_forbidden else {}
        return option


class WrittenForm(forms.Form):
    """A part of the enquiry's page that may stay empty, unless its own button, `_call` or `_note`, was pressed."""

    name = ""

    def __init__(self, data: QueryDict | None = None) -> None:
        may_be_empty = data is None or f"_{self.name}" not in data
        super().__init__(
            data, prefix=self.name, label_suffix="", empty_permitted=may_be_empty, use_required_attribute=False
        )

    @property
    def is_open(self) -> bool:
        """Whether something was typed, or should have been: it is shown, not folded away."""
        return self.is_bound and (self.has_changed() or not self.empty_permitted)


class CallForm(WrittenForm):
    name = "call"
    outcome = forms.ChoiceField(choices=CALL_OUTCOMES, widget=Outcomes(attrs=PAGE_FORM), label="How did the call go?")
    text = forms.CharField(
        label="A few words, if needed",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, **PAGE_FORM}),
        help_text=MAY_ASK,
    )

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry) -> None:
        super().__init__(data)
        self.enquiry = enquiry
        cast("Outcomes", self.fields["outcome"].widget).voicemail_ok = enquiry.voicemail_ok

    def clean_outcome(self) -> str:
        outcome: str = self.cleaned_data["outcome"]
        if outcome == Outcome.VOICEMAIL and not self.enquiry.voicemail_ok:
            raise forms.ValidationError(NO_VOICEMAIL, code="voicemail")
        return outcome

    def keep(self, enquiry: Enquiry, request: HttpRequest) -> str:
        """Log the call, if there was one, and return what was done."""
        if not self.has_changed():
            return ""
        chosen = self.cleaned_data["outcome"]
        outcome = Outcome.REACHED if chosen == ANSWERED else Outcome(chosen)
        log_call(enquiry, request, outcome, self.cleaned_data["text"], is_answer=chosen == ANSWERED)
        return f"call logged ({outcome.label.lower()})"


class NoteForm(WrittenForm):
    name = "note"
    text = forms.CharField(
        label="Note for colleagues",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, **PAGE_FORM}),
        help_text=MAY_ASK,
    )

    def keep(self, enquiry: Enquiry, request: HttpRequest) -> str:
        """Keep the note, if there is one, and return what was done."""
        if not self.has_changed():
            return ""
        write_note(enquiry, request, self.cleaned_data["text"])
        return "note kept"


def enquiry_to_work_on(model_admin: ModelAdmin, request: HttpRequest, object_id: str) -> Enquiry:
    """Return the enquiry; raises `PermissionDenied` for who may not change it, `Http404` when it is gone."""
    enquiry = model_admin.get_object(request, unquote(object_id))
    if not model_admin.has_change_permission(request, enquiry):
        raise PermissionDenied
    if enquiry is None:
        raise Http404
    return enquiry


def way_back(request: HttpRequest) -> str:
    """Return the query that brings the list along in which somebody works, as Django's admin does."""
    kept = request.GET.get(FILTERS, "")
    return f"?{urlencode({FILTERS: kept})}" if kept else ""


def back_to(enquiry: Enquiry, request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:contact_enquiry_change", args=[enquiry.pk]) + way_back(request))


def others_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Who else is here, for the page that is already open: asked by its script."""

    @require_safe
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = model_admin.get_object(request, unquote(object_id))
        if not model_admin.has_view_permission(request, enquiry):
            raise PermissionDenied
        if enquiry is None:
            raise Http404
        others = {"others": others_here(enquiry, request.user)}
        return TemplateResponse(request, "admin/contact/enquiry/parts/others.html", others)

    return view


def verdict_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Spam, or not: then it is what it was before, and mail that was held back goes out."""

    @require_POST
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = enquiry_to_work_on(model_admin, request, object_id)
        if request.POST.get("verdict") == "spam":
            _decide(enquiry, request, "It is spam.", status=Status.SPAM)
        else:
            before = status_before_spam(enquiry)
            _decide(enquiry, request, _said_of_no_spam(enquiry, before), status=before)
        return back_to(enquiry, request)

    return view


def _said_of_no_spam(enquiry: Enquiry, before: Status) -> str:
    if before not in WAITING:
        return f"Not spam: it is {before.label.lower()}, as before."
    return f"Not spam: it waits for an answer{', and its mail goes out now' if is_mail_held(enquiry) else ''}."


def take_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """“I take this on”: assigned to oneself, and in progress."""

    @require_POST
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = enquiry_to_work_on(model_admin, request, object_id)
        begun = {"status": Status.IN_PROGRESS} if enquiry.status == Status.NEW else {}
        _decide(enquiry, request, "It is yours.", assigned_to=request.user, **begun)
        return back_to(enquiry, request)

    return view


def _decide(enquiry: Enquiry, request: HttpRequest, said: str, **decisions: Any) -> None:
    """Change what stands as the page showed it, by one button; or say that a colleague was quicker."""
    seen = parse_pk(request.POST.get("seen", ""))
    try:
        update_enquiry(enquiry, request, seen=-1 if seen is None else seen, **decisions)
    except StaleError:
        messages.warning(request, "A colleague changed this enquiry a moment ago. Look first, then decide.")
    else:
        messages.success(request, said)
