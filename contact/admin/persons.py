"""“A person's data”: everything about an e-mail address or phone number, to give out or to erase; for managers.

What is searched for is sent in the body of POST requests only, so it is in no URL, log, history or bookmark.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from clinic.public.contact_fallback import contact_details
from contact.admin.base import render_page
from contact.form.forms import EmailField, PhoneField
from contact.models import Enquiry
from contact.models.enquiry import ENDED
from contact.models.event import EventType, record, record_each
from contact.privacy.person import CERTAIN, MOST, as_data, erase, find, in_words
from contact.workflow.activity_log import activity_of


class PersonForm(forms.Form):
    """Understands an address and a number however they are typed, as the public form does."""

    email = EmailField(
        longest=254, label="E-mail address", required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )
    phone = PhoneField(
        longest=50, label="Phone number", required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean(self) -> None:
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError("Enter an e-mail address, a phone number, or both.")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PersonView(View):
    model_admin: Any = None  # `as_view` sets it

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.search_page(PersonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.search_page(form)
        found = find(**form.cleaned_data)
        selected = set(request.POST.getlist("enquiry"))
        enquiries = [enquiry for enquiry in found if str(enquiry.pk) in selected]
        action = request.POST.get("do")
        if not action:
            if found:
                references = [enquiry.reference for enquiry in found]
                record(EventType.LISTED, request=request, references=references, detail="A person's data")
            certain = [enquiry for enquiry, reasons in found.items() if CERTAIN.intersection(reasons)]
            return self.search_page(form, found, certain)
        if not enquiries:
            messages.error(request, "Select at least one enquiry first. Nothing was done.")
            action = ""
        held = ", ".join(enquiry.reference for enquiry in enquiries if enquiry.legal_hold)
        match action:
            case "html" | "json":
                return self.disclose(enquiries, action)
            case "erase" | "erase-now" if held:
                messages.error(
                    request,
                    f"Nothing was erased. On legal hold, so the clinic has to keep them: {held}. "
                    "The note on each enquiry gives the reason. Deselect them, or lift the hold first.",
                )
            case "erase":
                context = {"title": "Erase permanently?", "form": form, "enquiries": enquiries}
                context["still_open"] = [one.reference for one in enquiries if one.status not in ENDED]
                return render_page(self.model_admin, request, "enquiry/person_erase.html", context)
            case "erase-now":
                return self.erase(enquiries)
        return self.search_page(form, found, enquiries)

    def disclose(self, enquiries: Sequence[Enquiry], file_format: str) -> HttpResponse:
        """Return the file, the name of which says nothing about the person, and record it for each enquiry."""
        references = [enquiry.reference for enquiry in enquiries]
        record_each(EventType.DISCLOSED, references, request=self.request, detail=f"As {file_format.upper()}")
        name = f"enquiries-{timezone.localdate()}.{file_format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if file_format == "json":
            options = {"indent": 2, "ensure_ascii": False}
            return JsonResponse(as_data(enquiries), json_dumps_params=options, headers=headers)
        disclosed = [words | {"lines": activity_of(words["reference"])[0]} for words in in_words(enquiries)]
        context = {"enquiries": disclosed, "clinic": contact_details(), "made_at": timezone.now()}
        return TemplateResponse(self.request, "admin/contact/enquiry/disclosure.html", context, headers=headers)

    def erase(self, enquiries: Sequence[Enquiry]) -> HttpResponse:
        run = erase(enquiries, self.request)
        if run is None:
            messages.warning(self.request, "Nothing was erased: they were erased already, or one is on legal hold.")
            return HttpResponseRedirect(self.request.path)
        messages.success(self.request, f"Enquiries erased: {run.total}. This is the record for your files.")
        return HttpResponseRedirect(reverse("admin:contact_purgerun_change", args=[run.pk]))

    def search_page(
        self, form: PersonForm, found: Mapping[Enquiry, list[str]] | None = None, selected: Sequence[Enquiry] = ()
    ) -> HttpResponse:
        context = {"title": "A person’s data", "form": form, "found": found, "selected": selected, "most": MOST}
        return render_page(self.model_admin, self.request, "enquiry/person.html", context)
