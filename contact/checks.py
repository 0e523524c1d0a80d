"""Refuse to start with an enquiry form that has lost a field. The old site's form had, and no one noticed."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from clinic.models import ClinicDetails
from contact.form import rendering
from contact.form.forms import EnquiryForm, TransportField
from contact.models import Enquiry

# `clinic/wsgi.py` runs the checks with this tag before it serves any request.
TAG = "enquiries"


@register(TAG)
def the_enquiry_form_is_whole(**_kwargs: Any) -> list[CheckMessage]:
    try:
        rendering.form_html(EnquiryForm(), ClinicDetails(), heading="Ask a question")
    except Exception as error:  # noqa: BLE001  any failure is what this check reports
        return [
            Error(
                f"The enquiry form cannot be shown: {error!r}.",
                hint="No one could write to us: see contact/form/forms.py, contact/templates/contact/form.html.",
                id="contact.E001",
            )
        ]
    return []


@register(TAG)
def every_answer_is_stored(**_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The enquiry form asks for “{name}”, and Enquiry has no field of that name to store the answer in.",
            hint=f"Add it to contact/models/enquiry.py and migrate, or make it a {TransportField.__name__}.",
            id="contact.E003",
        )
        for name in EnquiryForm.answer_fields().keys() - {field.name for field in Enquiry._meta.concrete_fields}
    ]
