"""Reply by e-mail from the desk: choose a ready-made text, change it, send it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.lib.ids import parse_pk
from clinic.public.contact_fallback import contact_details
from contact.admin.people import name_of, others_among
from contact.admin.reply_addresses import OTHER, addresses_of
from contact.admin.timeline import story_of
from contact.admin.writing import back_to, enquiry_to_work_on, way_back
from contact.mail.messages import reply_subject
from contact.models import Enquiry, ReplyText
from contact.models.event import EventType, record
from contact.models.message import new_message_id
from contact.workflow.reply_templates import fill_in, repeats
from contact.workflow.timeline import MAY_BE_ANSWERED, send_reply, version_token
from contact.workflow.updates import StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse, QueryDict

LONGEST = 8000
# What stays as it was when another ready-made text is chosen.
KEPT = ("recipient", "other_address", "message_id", "seen", "is_answer")
REPEATS = "This repeats what the patient wrote. Take it out, or tick that it says nothing about their health."


class ReplyForm(forms.Form):
    """Its Message-ID, signed, makes each page send one mail at most; `seen` is what the reply answers to."""

    recipient = forms.ChoiceField(label="To", widget=forms.RadioSelect)
    other_address = forms.EmailField(
        label="Which other address",
        required=False,
        max_length=254,
        help_text="Only where you know that the one above is wrong. It stands on record with this reply; what the "
        "patient typed stays as it is.",
    )
    text = forms.CharField(label="Your reply", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 14}))
    is_harmless = forms.BooleanField(
        label="I have read it again: it says nothing about the patient’s health", required=False
    )
    is_answer = forms.BooleanField(label="Mark the enquiry as answered", required=False, initial=True)
    message_id = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, enquiry: Enquiry, user: Any, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.enquiry = enquiry
        self.signer = signing.Signer(salt=f"contact.reply.{enquiry.pk}.{user.pk}")
        addresses, likeliest = addresses_of(enquiry)
        cast("forms.ChoiceField", self.fields["recipient"]).choices = addresses
        self.initial.setdefault("recipient", likeliest)
        self.initial.setdefault("seen", version_token(enquiry))
        self.initial.setdefault("message_id", self.signer.sign(new_message_id()))

    @property
    def may_answer(self) -> bool:
        return self.enquiry.status in MAY_BE_ANSWERED

    @property
    def asks_whether_harmless(self) -> bool:
        return self.is_bound and repeats(self.data.get("text", ""), self.enquiry.message)

    def clean_message_id(self) -> str:
        try:
            return self.signer.unsign(self.cleaned_data["message_id"])
        except signing.BadSignature:
            raise forms.ValidationError("Open this page again: it does not know its own mail any more.") from None

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return "\n".join(text.splitlines())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.asks_whether_harmless and not cleaned.get("is_harmless"):
            self.add_error("is_harmless", REPEATS)
        if "other_address" in cleaned and "recipient" in cleaned:
            cleaned["recipient"] = self._recipient(cleaned["recipient"], cleaned["other_address"])
        return cleaned

    def _recipient(self, chosen: str, other: str) -> str:
        if chosen == OTHER and not other:
            self.add_error("other_address", "Type the address, or choose one above.")
        if chosen != OTHER and other:
            self.add_error("other_address", "Choose “Another address” above if the reply goes here, or empty this.")
        return other if chosen == OTHER else chosen


def reply_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = enquiry_to_work_on(model_admin, request, object_id)
        if not enquiry.email:
            messages.error(request, "No e-mail address was given: call instead.")
            return back_to(enquiry, request)
        if request.method == "GET":
            text = _filled_in(request.GET.get("text", ""), enquiry, request)
            form = ReplyForm(enquiry=enquiry, user=request.user, initial={"text": text})
            return _page(model_admin, request, enquiry, form)
        form = ReplyForm(request.POST, enquiry=enquiry, user=request.user)
        if "_choose" in request.POST:
            return _page(model_admin, request, enquiry, _with_chosen(form, request))
        if not form.is_valid():
            return _page(model_admin, request, enquiry, form)
        try:
            is_new = _send(enquiry, request, form.cleaned_data)
        except StaleError:
            return _page(model_admin, request, enquiry, _as_of_now(form, request), is_stale=True)
        said = "Reply put into the outbox. It goes out within a minute." if is_new else "That reply was sent already."
        messages.success(request, said)
        return back_to(enquiry, request)

    return view


def _send(enquiry: Enquiry, request: HttpRequest, cleaned: dict[str, Any]) -> bool:
    wanted = {name: cleaned[name] for name in ("recipient", "message_id", "is_answer", "seen")}
    return send_reply(enquiry, request, cleaned["text"], **wanted)


def _as_of_now(form: ReplyForm, request: HttpRequest) -> ReplyForm:
    """Return the form with the words as typed, to be sent again by somebody who has read what happened since."""
    data = request.POST.copy()
    data["seen"] = version_token(Enquiry.objects.get(pk=form.enquiry.pk))
    return ReplyForm(data, enquiry=form.enquiry, user=request.user)


def _with_chosen(form: ReplyForm, request: HttpRequest) -> ReplyForm:
    """Return the form with the ready-made text in it; what was typed stays above, unless it was ready-made too."""
    typed = "\n".join(request.POST.get("text", "").splitlines()).strip()
    ready_made = {_fill(text.body, form.enquiry, request).strip() for text in ReplyText.objects.all()}
    chosen = _filled_in(request.POST.get("ready_made", ""), form.enquiry, request)
    kept = {name: request.POST[name] for name in KEPT if name in request.POST}
    text = chosen if typed in ready_made | {""} or not chosen else f"{typed}\n\n{chosen}"
    initial = {**kept, "is_answer": "is_answer" in kept, "text": text or typed}
    return ReplyForm(enquiry=form.enquiry, user=request.user, initial=initial)


def _filled_in(pk: str, enquiry: Enquiry, request: HttpRequest) -> str:
    number = parse_pk(pk)
    chosen = None if number is None else ReplyText.objects.filter(pk=number).first()
    return _fill(chosen.body, enquiry, request) if chosen else ""


def _fill(body: str, enquiry: Enquiry, request: HttpRequest) -> str:
    clinic = contact_details()
    values = {
        "name": enquiry.name,
        "reference": enquiry.reference,
        "clinic": clinic.name,
        "phone": clinic.phone,
        "me": name_of(request.user),
    }
    return "\n".join(fill_in(body, values).splitlines())


def _page(
    model_admin: ModelAdmin, request: HttpRequest, enquiry: Enquiry, form: ReplyForm, *, is_stale: bool = False
) -> TemplateResponse:
    story = story_of(enquiry)
    record(EventType.SEEN, enquiry.reference, request=request, detail="To reply")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Reply by e-mail",
        "subtitle": enquiry.reference,
        "enquiry": enquiry,
        "form": form,
        "subject": reply_subject(enquiry),
        "sender": contact_details().email,
        "ready_made": ReplyText.objects.only("title"),
        "moments": story.moments,
        "others": others_among(story.events, request.user, timezone.now()),
        "is_stale": is_stale,
        "way_back": way_back(request),
    }
    return TemplateResponse(request, "admin/contact/enquiry/reply.html", context)
