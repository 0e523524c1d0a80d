"""The enquiry form. Its fields are code, so that no editor and no plugin can ever leave it empty.

Nothing here asks the database: the form can be shown when there is none.
"""

from __future__ import annotations

import unicodedata
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from clinic.lib.ids import parse_pk
from clinic.lib.telephone import digits_of
from contact.form.fields import Choice, EmailAddress, PhoneNumber, TypedField, TypedText, Unseen
from contact.models.enquiry import MESSAGE_LENGTH, Enquiry

FEWEST_PHONE_DIGITS = 7
ONE_ADDRESS_NEEDED = "Enter an e-mail address or a phone number, so that we can answer."


class EnquiryForm(forms.Form):
    """What a patient tells the clinic: the least that it takes to answer.

    What people fill in says `autocomplete`: with “off”, browsers empty it on the way back to the page.
    """

    name = TypedText(
        longest=200,
        label="Your name",
        help_text="What we may call you.",
        error_messages={"required": "Enter a name we may call you by."},
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
        template_name="contact/fields/text.html",
    )
    email = EmailAddress(
        longest=254,
        required=False,
        label="E-mail",
        help_text="E-mail or phone: one of the two is enough.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        template_name="contact/fields/text.html",
    )
    phone = PhoneNumber(
        longest=50,
        required=False,
        label="Phone",
        help_text="With the area code, for example 867-555-0123.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        template_name="contact/fields/text.html",
    )
    preferred_contact = Choice(
        choices=Enquiry.PreferredContact.choices,
        required=False,
        label="How should we answer?",
        widget=forms.RadioSelect(attrs={"autocomplete": "on"}),
        template_name="contact/fields/radios.html",
    )
    best_time = Choice(
        choices=Enquiry.BestTime.choices,
        required=False,
        initial=Enquiry.BestTime.ANY,
        label="When is a good time to reach you?",
        widget=forms.Select(attrs={"autocomplete": "on"}),
    )
    voicemail_ok = forms.BooleanField(
        required=False,
        label="You may leave a voicemail",
        help_text="Do not tick this if others listen to your messages.",
        widget=forms.CheckboxInput(attrs={"autocomplete": "on"}),
        template_name="contact/fields/checkbox.html",
    )
    topic = Choice(
        choices=[("", "Choose a topic"), *Enquiry.Topic.choices],
        required=False,
        label="What is it about? (optional)",
        widget=forms.Select(attrs={"autocomplete": "on"}),
    )
    message = TypedText(
        longest=MESSAGE_LENGTH,
        one_line=False,
        required=False,
        label="Message (optional)",
        help_text=(
            "If you like. Please leave out medical details, such as a diagnosis or medication: "
            "we ask about those in person."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "on"}),
        template_name="contact/fields/text.html",
    )
    about = Unseen(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    # Which privacy notice stood at the form; the template writes it, from what it shows.
    notice = Unseen(widget=forms.HiddenInput())
    website = Unseen(
        label="Leave this field empty",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        template_name="contact/fields/honeypot.html",
    )

    # A word marks what may be left out; browsers' own bubbles would hide the summary of errors.
    use_required_attribute = False
    bound_field_class = TypedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "enquiry-%s")
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Refuse a name in which nothing can be seen, such as a lone zero-width space."""
        name: str = self.cleaned_data["name"]
        if not any(unicodedata.category(sign)[0] in "LNPS" for sign in name):
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and len(digits_of(phone)) < FEWEST_PHONE_DIGITS:
            raise ValidationError("Enter a phone number with its area code, for example 867-555-0123.")
        return phone

    def clean_best_time(self) -> str:
        return self.cleaned_data["best_time"] or Enquiry.BestTime.ANY.value

    def clean_topic(self) -> str:
        return self.cleaned_data["topic"] or Enquiry.Topic.OTHER.value

    def clean_about(self) -> int | None:
        """Return the page's id, or nothing: a wrong one costs nobody an enquiry."""
        return parse_pk(self.cleaned_data["about"])

    def clean(self) -> None:
        self._need_one_address()
        self._need_the_preferred_address()

    def _need_one_address(self) -> None:
        typed_none = not any(self.data.get(self.add_prefix(field), "").strip() for field in ("email", "phone"))
        if typed_none:
            self.add_error("email", ONE_ADDRESS_NEEDED)

    def _need_the_preferred_address(self) -> None:
        email, phone = self.cleaned_data.get("email"), self.cleaned_data.get("phone")
        if "email" in self.errors or "phone" in self.errors or "preferred_contact" in self.errors:
            return
        match self.cleaned_data.get("preferred_contact"):
            case "email" if not email:
                self.add_error("email", "Enter an e-mail address, or ask us to phone you.")
            case "phone" if not phone:
                self.add_error("phone", "Enter a phone number, or ask us to e-mail you.")
            case "" if email and phone:
                self.add_error("preferred_contact", "Choose whether we should e-mail or phone you.")
            case "":
                self.cleaned_data["preferred_contact"] = "email" if email else "phone"

    @property
    def about_id(self) -> int | None:
        """The id of the page the form was opened for, whether or not the rest is valid."""
        return parse_pk(str(self["about"].value() or ""))

    @property
    def fields_with_errors(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.errors]

    def typed_lines(self) -> list[tuple[str, str]]:
        """Return label and text of all that was typed, to be copied from an error page."""
        shown = [bound for bound in self if not bound.is_hidden and bound.name != "website"]
        lines = [(str(bound.label), self._as_read(bound)) for bound in shown]
        return [(label, text) for label, text in lines if text]

    @staticmethod
    def _as_read(bound: forms.BoundField) -> str:
        value = bound.value()
        if isinstance(bound.field, forms.BooleanField):
            return "Yes" if value else "No"
        if isinstance(bound.field, forms.ChoiceField):
            choices = cast("list[tuple[str, str]]", bound.field.choices)
            return dict(choices).get(value, value) if value else ""
        return str(value or "")
