"""The kinds of fields that the enquiry form is made of: they take what people type, and are slow to find it wrong."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from clinic.lib.telephone import is_odd
from contact.screening import suggested_address

# Marks that turn the direction of what follows: a name that holds one reorders the row it stands in.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_control_characters(typed: str) -> str:
    """Return the text with one kind of line end, and without characters nobody types, such as NUL."""
    text = TURNING.sub("", re.sub(r"\r\n?|\u2028|\u2029", "\n", typed))
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


class TypedText(forms.CharField):
    """Text as a person typed it. Has no `maxlength` attribute, which would cut off what is pasted, unsaid."""

    # Whether a doubt says what was meant, and so helps beside an error, too.
    doubt_says_what_was_meant = False

    def __init__(self, *, longest: int, one_line: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one_line = one_line
        self.validators.append(
            MaxLengthValidator(
                longest,
                message=f"Shorten this to {longest:,} characters or fewer. It has %(show_value)d now.",
            )
        )

    def bound_data(self, data: Any, initial: Any) -> str:
        return without_control_characters(str(data or ""))

    def to_python(self, value: Any) -> str:
        text = without_control_characters(str(value or ""))
        if self.one_line:
            text = " ".join(text.split())
        return str(super().to_python(text))

    def doubt_about(self, typed: str) -> str:
        """Return what to ask about the text, or nothing. It is never wrong: it is sent as it was typed."""
        return ""


class EmailAddress(TypedText):
    default_validators = forms.EmailField.default_validators
    default_error_messages = {"invalid": "Enter an e-mail address like name@example.com."}
    doubt_says_what_was_meant = True

    def doubt_about(self, typed: str) -> str:
        address = suggested_address(typed)
        return f"Did you mean {address}?" if address else ""


class PhoneNumber(TypedText):
    def doubt_about(self, typed: str) -> str:
        return "Is this number right? It does not look like one we can dial." if is_odd(typed) else ""


class Choice(forms.ChoiceField):
    # Django's own sentence repeats what was sent, which nobody can have chosen.
    default_error_messages = {"invalid_choice": "Choose one of the answers in the list."}

    def __init__(self, *, template_name: str = "contact/fields/text.html", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.template_name = template_name


class Unseen(forms.CharField):
    """A field that nobody sees. Whatever machines or browsers write into it, it is never wrong."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return without_control_characters(str(value or ""))


class TypedField(forms.BoundField):
    """A field that also shows what is doubtful about the text in it, once somebody has sent the form."""

    @property
    def doubt(self) -> str:
        field = self.field
        if not self.form.is_bound or not isinstance(field, TypedText):
            return ""
        if self.errors and not field.doubt_says_what_was_meant:
            return ""
        return field.doubt_about(str(self.value() or ""))

    @property
    def aria_describedby(self) -> str | None:
        others = super().aria_describedby
        return f"{others} {self.auto_id}_doubt".strip() if self.doubt else others
