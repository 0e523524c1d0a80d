"""A person's right: everything about an address or a number on one page, to be given out or erased; for managers.

What is asked for travels in the body of requests alone: in no address, so in no log, history or bookmark.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic.lib.telephone import digits_of
from clinic.public.contact_fallback import contact_details
from contact.admin.who_saw import record_of
from contact.models.activity import record, record_each
from contact.models.event import EventType
from contact.privacy.disclosure import as_data, in_words
from contact.privacy.person import MOST, Found, OnHoldError, erase, find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest

    from contact.models import Enquiry

PERMISSION = "contact.erase_enquiry"
FEWEST_DIGITS = 7


class PersonForm(forms.Form):
    email = forms.EmailField(label="E-mail address", required=False, widget=forms.EmailInput({"autocomplete": "off"}))
    phone = forms.CharField(
        label="Phone number", required=False, max_length=50, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and len(digits_of(phone)) < FEWEST_DIGITS:
            raise forms.ValidationError("Enter the whole number, at least seven digits.")
        return phone

    def clean(self) -> None:
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError("Enter an e-mail address, a phone number, or both.")


def person_view(model_admin: ModelAdmin[Enquiry]) -> Callable[[HttpRequest], HttpResponse]:
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return _Page(model_admin, request).answer()

    return view


class _Page:
    def __init__(self, model_admin: ModelAdmin[Enquiry], request: HttpRequest) -> None:
        self.model_admin = model_admin
        self.request = request
        self.form = PersonForm(request.POST if request.method == "POST" else None)
        self.found: list[Found] = []

    def answer(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show()
        self.found = find(**self.form.cleaned_data)
        chosen = self.chosen()
        match self.request.POST.get("do"):
            case "html" | "json" | "erase" | "erase-now" if not chosen:
                messages.error(self.request, "Tick at least one enquiry first. Nothing was done.")
            case "html":
                return self.disclose(chosen, "HTML")
            case "json":
                return self.disclose(chosen, "JSON")
            case "erase":
                return self.ask_before_erasing(chosen)
            case "erase-now":
                return self.erase(chosen)
            case _:
                self.put_on_record_what_is_shown()
        return self.show()

    def chosen(self) -> list[Enquiry]:
        """Return those that were ticked, as far as they are among those that were found."""
        ticked = set(self.request.POST.getlist("enquiry"))
        return [found.enquiry for found in self.found if str(found.enquiry.pk) in ticked]

    def put_on_record_what_is_shown(self) -> None:
        if self.found:
            references = [found.enquiry.reference for found in self.found]
            record(EventType.LISTED, request=self.request, references=references, detail="A person's data")

    def disclose(self, enquiries: Sequence[Enquiry], form: str) -> HttpResponse:
        """Hand out the file, whose name tells nothing, and put it on record for each enquiry."""
        record_each(
            EventType.DISCLOSED, [enquiry.reference for enquiry in enquiries], request=self.request, detail=f"As {form}"
        )
        if form == "JSON":
            told = json.dumps(as_data(enquiries), indent=2, ensure_ascii=False)
            response = HttpResponse(told, content_type="application/json")
        else:
            told_of = [told | {"lines": record_of(told["reference"])[0]} for told in in_words(enquiries)]
            context = {"enquiries": told_of, "clinic": contact_details(), "made_at": timezone.now()}
            response = HttpResponse(render_to_string("admin/contact/enquiry/disclosure.html", context))
        name = f"enquiries-{timezone.localdate()}.{form.lower()}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def ask_before_erasing(self, enquiries: Sequence[Enquiry]) -> HttpResponse:
        held = [enquiry.reference for enquiry in enquiries if enquiry.legal_hold]
        if held:
            self.refuse(held)
            return self.show()
        ended = ("closed", "spam")
        still_open = [enquiry.reference for enquiry in enquiries if enquiry.status not in ended]
        context = {"title": "Erase for good?", "chosen": enquiries, "still_open": still_open}
        return self.page("admin/contact/enquiry/person_erase.html", context)

    def erase(self, enquiries: Sequence[Enquiry]) -> HttpResponse:
        try:
            run = erase(enquiries, self.request)
        except OnHoldError as error:
            self.refuse(error.references)
            return self.show()
        if run is None:
            messages.warning(self.request, "They were gone already. Nothing was done.")
            return HttpResponseRedirect(self.request.path)
        messages.success(self.request, f"Erased: {run.total}. This is the record for your files.")
        return HttpResponseRedirect(reverse("admin:contact_purgerun_change", args=[run.pk]))

    def refuse(self, references: Sequence[str]) -> None:
        messages.error(
            self.request,
            f"Nothing was erased. On legal hold, so the clinic has to keep them: {', '.join(references)}. "
            "The note at each says why. Untick them, or lift the hold first.",
        )

    def show(self) -> HttpResponse:
        ticked = {found.enquiry.pk for found in self.found if found.is_certain}
        if self.request.POST.get("do"):
            ticked = {enquiry.pk for enquiry in self.chosen()}
        context = {
            "title": "A person’s data",
            "is_asked": self.form.is_bound and self.form.is_valid(),
            "found": self.found,
            "ticked": ticked,
            "there_may_be_more": len(self.found) == MOST,
        }
        return self.page("admin/contact/enquiry/person.html", context)

    def page(self, template: str, context: dict[str, Any]) -> HttpResponse:
        site = self.model_admin.admin_site.each_context(self.request)
        return TemplateResponse(
            self.request, template, {**site, "opts": self.model_admin.opts, "form": self.form, **context}
        )
