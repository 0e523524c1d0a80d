"""The enquiry form: the one declaration of what patients are asked.

What is stored, fingerprinted, required, checked each morning, exported and disclosed follows from the fields here and
from the fields of `Enquiry` with the same names (docs/adding.md). The fields are code, so that no editor and no plugin
can leave the form empty, and nothing here asks the database: the form can be shown when there is none.
"""

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.safestring import SafeString

from clinic.lib.characters import clean_line, clean_text
from clinic.lib.email_addresses import clean_address, fault_in_address, suggested_address
from clinic.lib.http import parse_pk
from clinic.lib.telephone import digits_of, is_odd
from contact.models.enquiry import MESSAGE_LENGTH, Enquiry

FEWEST_PHONE_DIGITS = 7
# In one line without an element around it, at which some screen readers would stop.
EXAMPLE = "867\N{NO-BREAK SPACE}555\N{NO-BREAK SPACE}0123"
# What people come for, with the texts and the order of fields that go with it.
PURPOSES = tomllib.loads((Path(__file__).parent / "purposes.toml").read_text("utf-8"))
# The button that answers “Did you mean …?”, and its value for yes.
USE_ADDRESS, SUGGESTED = "use_address", "suggested"


def topics() -> list[tuple[str, Any]]:
    """Return the topics as the list shows them. Those of a booked visit are a group: a phone shows each whole."""
    visit = ((Enquiry.Topic.CHANGE_SOON, "Today or next workday"), (Enquiry.Topic.CHANGE, "A later visit"))
    first, *others = (choice for choice in Enquiry.Topic.choices if choice[0] not in dict(visit))
    return [("", "Choose a topic"), first, (PURPOSES["change"]["title"], visit), *others]


def name_of(field: forms.Field) -> str:
    """Return the label without “(optional)” and the like."""
    return str(field.label).partition(" (")[0]


class TextField(forms.CharField):
    """Text as a person typed it. Has no `maxlength` attribute, which would silently cut off what is pasted."""

    def __init__(self, *, longest: int, one_line: bool = True, **kwargs: Any) -> None:
        super().__init__(**{"template_name": "contact/fields/text.html"} | kwargs)
        self.one_line = one_line
        message = f"{name_of(self)}: shorten this to {longest:,} characters or fewer. It now has %(show_value)d."
        self.validators.append(MaxLengthValidator(longest, message=message))

    def bound_data(self, data: Any, initial: Any) -> str:
        return clean_text(str(data or ""))

    def to_python(self, value: Any) -> str:
        return str(super().to_python(self.cleaned(clean_text(str(value or "")))))

    def cleaned(self, text: str) -> str:
        return " ".join(text.split()) if self.one_line else text

    def suggestion_for(self, typed: str) -> str:
        """Return what to ask about the text, or nothing. It is never an error: the text can be sent as it was typed."""
        return ""


class EmailField(TextField):
    def cleaned(self, text: str) -> str:
        return clean_address(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (fault := fault_in_address(value)):
            raise ValidationError(fault)

    def suggestion_for(self, typed: str) -> str:
        address = suggested_address(clean_address(typed))
        return f"Did you mean {address}?" if address else ""


class PhoneField(TextField):
    def cleaned(self, text: str) -> str:
        return clean_line(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and len(digits_of(value)) < FEWEST_PHONE_DIGITS:
            raise ValidationError(f"Enter a phone number with the area code, for example {EXAMPLE}.")

    def suggestion_for(self, typed: str) -> str:
        is_long_enough = len(digits_of(typed)) >= FEWEST_PHONE_DIGITS  # the error says so otherwise
        return "Is this number right? It doesn’t look like one we can call." if is_long_enough and is_odd(typed) else ""


class ChoiceField(forms.TypedChoiceField):
    """`empty_value` is the answer of someone who has chosen nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template_name": "contact/fields/text.html"} | kwargs)
        # Django's own message repeats the value that was sent, which no one can have chosen from the list.
        self.error_messages["invalid_choice"] = f"{name_of(self)} Choose one of the options in the list."


class TransportField(forms.CharField):
    """A value that is sent with the form but is not an answer: not stored under its own name, and never an error."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""))


# Empty fields as HTML, by all that differs between them.
EMPTY: dict[tuple[Any, ...], SafeString] = {}


class BoundField(forms.BoundField):
    def as_field_group(self) -> SafeString:
        """Render a field that no one has filled in once for all pages: it depends on nothing but the code."""
        if self.form.is_bound:
            return super().as_field_group()
        choices = str(getattr(self.field.widget, "choices", ""))
        key = (self.auto_id, self.label, self.help_text, self.value(), choices)
        if key not in EMPTY or settings.DEBUG:
            EMPTY[key] = super().as_field_group()
        return EMPTY[key]

    @property
    def suggestion(self) -> str:
        """What may be mistyped, once the form has been sent."""
        if self.form.is_bound and isinstance(self.field, TextField):
            return self.field.suggestion_for(str(self.value() or ""))
        return ""

    @property
    def aria_describedby(self) -> str | None:
        others = super().aria_describedby
        return f"{others or ''} {self.auto_id}_suggestion".strip() if self.suggestion else others


class EnquiryForm(forms.Form):
    """Asks only for what is needed to answer a patient.

    No visible field has `autocomplete` set to “off”: browsers would empty it when people go back to the page.
    """

    name = TextField(
        longest=200,
        label="Your name (required)",
        help_text="What should we call you?",
        error_messages={"required": "Enter a name so that we know what to call you."},
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )
    email = EmailField(
        longest=254,
        required=False,
        label="E-mail (required if you give no phone number)",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    phone = PhoneField(
        longest=50,
        required=False,
        label="Phone (required if you give no e-mail address)",
        help_text=f"Include the area code, for example {EXAMPLE}.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    preferred_contact = ChoiceField(
        choices=Enquiry.PreferredContact.choices,
        required=False,
        label="How should we reply? (optional)",
        widget=forms.RadioSelect,
        template_name="contact/fields/radios.html",
    )
    best_time = ChoiceField(
        choices=Enquiry.BestTime.choices,
        required=False,
        initial=Enquiry.BestTime.ANY,
        empty_value=Enquiry.BestTime.ANY.value,
        label="When is a good time to reach you? (optional)",
        widget=forms.Select,
    )
    voicemail_ok = forms.BooleanField(
        required=False,
        label="It’s OK to leave a voicemail (optional)",
        help_text="Leave this unchecked if other people can hear your messages.",
        template_name="contact/fields/checkbox.html",
    )
    topic = ChoiceField(
        choices=topics(),
        required=False,
        empty_value=Enquiry.Topic.OTHER.value,
        label="What is your enquiry about? (optional)",
        widget=forms.Select,
    )
    message = TextField(
        longest=MESSAGE_LENGTH,
        one_line=False,
        required=False,
        label="Message (optional)",
        help_text=(
            "Please leave out medical details such as a diagnosis or medication. We will ask about those in person. "
            f"Up to {MESSAGE_LENGTH:,} characters."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    # The id of the page that the form was opened for; stored as that page and its title.
    about = TransportField(widget=forms.HiddenInput)
    # Only machines fill this in; whether it was filled in is stored.
    website = TransportField(
        label="Leave this field empty",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        template_name="contact/fields/honeypot.html",
    )

    # Optional fields are marked as such; browsers' own bubbles would hide the summary of errors.
    use_required_attribute = False
    bound_field_class = BoundField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "enquiry-%s")
        super().__init__(*args, **kwargs)

    @property
    def purpose(self) -> dict[str, Any]:
        topic = self["topic"].value()
        return next((purpose for purpose in PURPOSES.values() if topic in purpose["topics"]), PURPOSES["question"])

    def begin_with_purpose(self) -> None:
        """Put the questions that matter most for the form's purpose first."""
        message = self["message"]  # a field that was validated keeps its first help text
        message.help_text = f"{self.purpose['message']} {message.help_text}"
        self.order_fields(self.purpose["first"])

    def offer_no_late_call(self) -> None:
        """Leave out the time after 5 p.m., unless it was chosen before."""
        late, field = Enquiry.BestTime.LATE, self.fields["best_time"]
        if self["best_time"].value() != late:
            field.widget.choices = [choice for choice in field.widget.choices if choice[0] != late]

    @classmethod
    def answer_fields(cls) -> dict[str, forms.Field]:
        """Return the fields that hold an answer; `contact.E003` checks that `Enquiry` has one of each name."""
        return {name: field for name, field in cls.base_fields.items() if not isinstance(field, TransportField)}

    @property
    def answers(self) -> dict[str, Any]:
        """The cleaned answers of a valid form, by the names of `Enquiry`'s fields."""
        return {name: self.cleaned_data[name] for name in self.answer_fields()}

    def clean_name(self) -> str:
        """Refuse a name without visible characters, such as a single zero-width space."""
        name: str = self.cleaned_data["name"]
        if not any(unicodedata.category(sign)[0] in "LNPS" for sign in clean_line(name)):
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_email(self) -> str:
        """Return the address, or the one that was suggested for it when “Yes” was pressed."""
        email: str = self.cleaned_data["email"]
        is_corrected = self.data.get(USE_ADDRESS) == SUGGESTED
        return (suggested_address(email) if is_corrected else "") or email

    def clean(self) -> None:
        if not any(self.cleaned_data.get(field, "wrong") for field in ("email", "phone")):
            self.add_error("email", "Enter an e-mail address or a phone number so that we can reply.")
        if not {"email", "phone", "preferred_contact"} & self.errors.keys():
            self._check_preferred_contact()

    def _check_preferred_contact(self) -> None:
        email, phone = self.cleaned_data["email"], self.cleaned_data["phone"]
        match self.cleaned_data["preferred_contact"]:
            case "email" if not email:
                self.add_error("email", "Enter an e-mail address, or ask us to phone you instead.")
            case "phone" if not phone:
                self.add_error("phone", "Enter a phone number, or ask us to e-mail you instead.")
            case "" | "either":
                either = "either" if email and phone else "email" if email else "phone"
                self.cleaned_data["preferred_contact"] = either

    @property
    def about_id(self) -> int | None:
        """The id of the page the form was opened for, valid or not; a wrong one is ignored."""
        return parse_pk(str(self["about"].value() or ""))

    @property
    def suggested_address(self) -> str:
        """The address that was probably meant, for a valid form whose sender has not been asked yet; else nothing."""
        return "" if USE_ADDRESS in self.data else suggested_address(self.cleaned_data["email"])

    @property
    def has_doubts(self) -> bool:
        """Whether to ask about the address or the number before anything is stored."""
        return bool(self.suggested_address) or is_odd(self.cleaned_data["phone"])

    @property
    def posted(self) -> list[tuple[str, str]]:
        return [(name, str(self.data[name])) for name in (*self.base_fields, "notice") if name in self.data]

    @property
    def typed_text(self) -> str:
        """What was written in words, valid or not, some of it where another answer belongs. Never raises."""
        return "\n".join(clean_text(str(self.data.get(name, ""))) for name in ("name", "phone", "message"))

    def typed_lines(self) -> list[tuple[str, str]]:
        """Return label and text of everything that was typed, to be copied from an error page. Never raises."""
        lines = []
        for name, field in self.answer_fields().items():
            if typed := clean_text(str(self.data.get(name, ""))):
                is_box = isinstance(field, forms.BooleanField)
                lines.append((name_of(field), "Yes" if is_box else str(Enquiry(**{name: typed}).display(name))))
        return lines
