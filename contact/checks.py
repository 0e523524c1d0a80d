"""Refuse to start with an enquiry form that has lost a field: the old site's did, and nobody knew."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, resolve, reverse

from clinic.public.contact_fallback import ClinicContact
from contact.form import rendering
from contact.form.forms import EnquiryForm

# What `clinic/wsgi.py` runs before it serves anybody.
TAG = "enquiries"


@register(TAG)
def the_enquiry_form_is_whole(**_kwargs: Any) -> list[CheckMessage]:
    try:
        rendering.form_html(EnquiryForm(), ClinicContact(), heading="Send us an enquiry")
    except rendering.FormIncompleteError as error:
        return [
            Error(
                f"The enquiry form has lost: {error}.",
                hint="Nobody could write to us: see contact/forms.py, templates/contact/form.html.",
                id="contact.E001",
            )
        ]
    except Exception as error:  # noqa: BLE001  any failure is what this check reports
        return [Error(f"The enquiry form cannot be rendered: {error!r}.", id="contact.E001")]
    return []


@register(TAG)
def the_enquiry_form_has_an_address(**_kwargs: Any) -> list[CheckMessage]:
    # Imported here: views need the models, which are loaded later than this file in some start orders.
    from contact.form import views  # noqa: PLC0415  as said above

    try:
        found = resolve(reverse("enquiry")).func
    except NoReverseMatch:
        found = None
    if found is not views.enquiry:
        hint = "Include contact.urls in clinic/urls.py."
        return [Error("No address receives enquiries.", hint=hint, id="contact.E002")]
    return []
