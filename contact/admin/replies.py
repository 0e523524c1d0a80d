"""Reply by e-mail: choose a template, edit it, send it once."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone

from clinic.lib.http import parse_pk
from clinic.public.contact_fallback import contact_details
from contact.admin.base import list_query, render_page
from contact.admin.enquiry_page import EnquiryPageAdmin, back_to, deleted_meanwhile, get_enquiry
from contact.mail.messages import reply_subject
from contact.models import Enquiry, ReplyText
from contact.models.enquiry import UNDECIDED, Status
from contact.models.event import EventType, record
from contact.models.message import new_message_id
from contact.workflow.overview import answered_together, same_person
from contact.workflow.reply_templates import filled, recipients, values_for
from contact.workflow.timeline import send_reply, timeline_of, version_token, viewers_of, write_note
from contact.workflow.updates import StaleError, update_enquiry

# What stays as it was when another template is inserted.
UNCHANGED = ("recipient", "other_address", "message_id", "seen", "is_answer")


class ReplyForm(forms.Form):
    """Its signed Message-ID lets each page send one e-mail at most; `seen` is the state that the reply answers."""

    recipient = forms.ChoiceField(label="To", widget=forms.RadioSelect, required=False)
    other_address = forms.EmailField(
        label="Another address",
        required=False,
        max_length=254,
        help_text="The reply goes there instead. Only if you know that the address above is wrong. It is recorded with "
        "this reply; what the patient typed does not change.",
    )
    text = forms.CharField(label="Your reply", max_length=8000, widget=forms.Textarea(attrs={"rows": 14}))
    is_answer = forms.BooleanField(label="Mark the enquiry as answered", required=False, initial=True)
    message_id = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, enquiry: Enquiry, user: Any, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.enquiry = enquiry
        self.signer = signing.Signer(salt=f"contact.reply.{enquiry.pk}.{user.pk}")
        choices, likely = recipients(enquiry)
        cast("forms.ChoiceField", self.fields["recipient"]).choices = choices
        self.initial.setdefault("recipient", likely)
        self.initial.setdefault("seen", version_token(enquiry))
        self.initial.setdefault("message_id", self.signer.sign(new_message_id()))

    def clean_message_id(self) -> str:
        try:
            return self.signer.unsign(self.cleaned_data["message_id"])
        except signing.BadSignature:
            raise forms.ValidationError("This page is no longer valid. Copy your text and open it again.") from None

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return "\n".join(text.splitlines())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "other_address" in cleaned and "recipient" in cleaned:
            cleaned["recipient"] = cleaned["other_address"] or cleaned["recipient"]
            if not cleaned["recipient"]:
                self.add_error("recipient", "Choose an address, or enter another one.")
        return cleaned


def reply_view(model_admin: EnquiryPageAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    try:
        enquiry = get_enquiry(model_admin, request, object_id)
        if enquiry.email:
            return _reply(model_admin, request, enquiry)
    except (Http404, Enquiry.DoesNotExist):
        return deleted_meanwhile(model_admin, request)
    messages.error(request, "The patient gave no e-mail address. Please call instead.")
    return back_to(enquiry, request)


def _reply(model_admin: EnquiryPageAdmin, request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    if request.method == "GET":
        initial = {"text": _filled_in(request.GET.get("text", ""), enquiry, request)}
        return _page(model_admin, request, ReplyForm(enquiry=enquiry, user=request.user, initial=initial))
    form = ReplyForm(request.POST, enquiry=enquiry, user=request.user)
    if "_choose" in request.POST:
        return _page(model_admin, request, _with_template(form, request))
    if not form.is_valid():
        return _page(model_admin, request, form)
    wanted = {name: form.cleaned_data[name] for name in ("recipient", "message_id", "is_answer", "seen")}
    try:
        is_new = send_reply(enquiry, request, form.cleaned_data["text"], waits="_wait" in request.POST, **wanted)
    except StaleError:
        data = request.POST.copy()
        data["seen"] = version_token(Enquiry.objects.get(pk=enquiry.pk))
        form = ReplyForm(data, enquiry=enquiry, user=request.user)
        return _page(model_admin, request, form, is_stale=True)
    done = "Your reply is in the outbox and goes out within a minute." if is_new else "That reply was already sent."
    others = answered_together(enquiry, request.POST.getlist("together")) if is_new else ()
    for other in others:
        write_note(other, request, f"Answered by e-mail together with {enquiry.reference}.")
        update_enquiry(other, request, status=Status.ANSWERED, assigned_to=request.user)
    messages.success(request, done)
    if "_next" in request.POST:
        return HttpResponseRedirect(model_admin.neighbours(request, enquiry)["after_saving"])
    return back_to(enquiry, request)


def _with_template(form: ReplyForm, request: HttpRequest) -> ReplyForm:
    """Return the form with the chosen template below what was typed, or in place of another template."""
    typed = "\n".join(request.POST.get("text", "").splitlines()).strip()
    values = values_for(form.enquiry, request.user)
    templates = {filled(template.body, values).strip() for template in ReplyText.objects.all()}
    chosen = _filled_in(request.POST.get("ready_made", ""), form.enquiry, request)
    text = chosen if typed in templates | {""} or not chosen else f"{typed}\n\n{chosen}"
    posted = {name: request.POST[name] for name in UNCHANGED if name in request.POST}
    initial = {**posted, "is_answer": "is_answer" in posted, "text": text or typed}
    return ReplyForm(enquiry=form.enquiry, user=request.user, initial=initial)


def _filled_in(pk: str, enquiry: Enquiry, request: HttpRequest) -> str:
    number = parse_pk(pk)
    chosen = None if number is None else ReplyText.objects.filter(pk=number).first()
    return filled(chosen.body, values_for(enquiry, request.user)) if chosen else ""


def _page(
    model_admin: EnquiryPageAdmin, request: HttpRequest, form: ReplyForm, *, is_stale: bool = False
) -> HttpResponse:
    enquiry = form.enquiry
    values = values_for(enquiry, request.user)
    record(EventType.SEEN, enquiry.reference, request=request, detail="To reply")
    context = {
        "title": "Reply by e-mail",
        "subtitle": enquiry.reference,
        "enquiry": enquiry,
        "form": form,
        "subject": reply_subject(enquiry),
        "sender": contact_details().email,
        "same_person": same_person(enquiry).filter(status__in=UNDECIDED),
        "together": request.POST.getlist("together"),
        "templates": [(text, filled(text.body, values)) for text in ReplyText.objects.all()],
        "timeline": timeline_of(enquiry).items,
        "viewers": viewers_of(enquiry, request.user, timezone.now()),
        "is_stale": is_stale,
        "may_answer": enquiry.status in UNDECIDED,
        "list_query": list_query(request),
    }
    return render_page(model_admin, request, "enquiry/reply.html", context)
