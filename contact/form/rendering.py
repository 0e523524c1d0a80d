"""The form as HTML, and what stands in its place when it cannot be shown. There is never a hole."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clinic.kept import kept
from clinic.lib.logs import log_failure
from contact.form.already_shown import Shown, hidden_values
from contact.form.forms import EnquiryForm
from contact.models import Enquiry

if TYPE_CHECKING:
    from collections.abc import Collection

    from clinic.public.contact_fallback import ClinicContact
    from contact.privacy_notice.wording import Notice

BUTTON = "a button that sends it"
REQUIRED_CONTROLS = (
    "name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "about", "message",
    "website",
)  # fmt: skip

# A constant: nothing that anybody typed is in it.
LAST_RESORT = mark_safe(
    "<section><h2>Please call us</h2><p>The enquiry form is out of order. Please call the clinic or come by."
    " In an emergency call 911.</p></section>"
)


class FormIncompleteError(Exception):
    """The form was rendered, but a control is missing."""


class Fields(NamedTuple):
    """What people fill in, as HTML, and the names of the controls that are in it."""

    html: SafeString
    controls: frozenset[str]

    @classmethod
    def of(cls, form: EnquiryForm) -> Fields:
        html = render_to_string("contact/components/fields.html", {"form": form})
        return cls(html, controls_in(html))

    @classmethod
    def to_fill_in(cls, topic: str) -> Fields:
        """Return those of a blank form, which are the same for everybody; made anew each time while developing."""

        def make() -> Fields:
            return cls.of(EnquiryForm(initial={"topic": topic}))

        return make() if settings.DEBUG else kept((cls, topic), make)


def form_html(
    form: EnquiryForm | None,
    clinic: ClinicContact,
    *,
    about: int | None = None,
    heading: str = "",
    notice: Notice | None = None,
    promised: str = "",
    shown: Collection[Shown] = (),
) -> SafeString:
    """Return the form, or a blank one about the page of this number; raise what went wrong when it is not whole.

    `shown` is what its sender was shown before, this time included: it passes there when it comes again.
    """
    if form is None:
        fields = Fields.to_fill_in(Enquiry.Topic.TREATMENT if about else "")
    else:
        fields, about = Fields.of(form), form["about"].value()
    html = render_to_string(
        "contact/form.html",
        {
            "form": form,
            "fields": fields.html,
            "about": about,
            "clinic": clinic,
            "heading": heading,
            "notice": notice,
            "promised": promised,
            "hidden_values": hidden_values(shown),
            "send_anyway": Shown.WARNING in shown,
        },
    )
    before, in_the_middle, after = html.partition(fields.html)
    found = controls_in(before + after) | (fields.controls if in_the_middle else set())
    if missing := missing_from(found):
        raise FormIncompleteError(", ".join(missing))
    return html


def form_or_phone(
    form: EnquiryForm | None,
    clinic: ClinicContact,
    *,
    about: int | None = None,
    heading: str = "",
    notice: Notice | None = None,
    promised: str = "",
    shown: Collection[Shown] = (),
) -> SafeString:
    """Return the form or, when it cannot be rendered, phone and e-mail. Never raises."""
    try:
        return form_html(form, clinic, about=about, heading=heading, notice=notice, promised=promised, shown=shown)
    except Exception as error:  # noqa: BLE001  whatever it is, the patient needs a way to reach us; it is logged
        log_failure("The enquiry form could not be shown", error)
    try:
        return render_to_string("contact/form_fallback.html", {"clinic": clinic})
    except Exception as error:  # noqa: BLE001  as above
        log_failure("The enquiry form's replacement could not be shown", error)
    return LAST_RESORT


def missing_controls(html: str) -> list[str]:
    """Return which of the form's controls are not in its HTML."""
    return missing_from(controls_in(html))


def missing_from(found: Collection[str]) -> list[str]:
    return [control for control in (*REQUIRED_CONTROLS, BUTTON) if control not in found]


def controls_in(html: str) -> frozenset[str]:
    """Return the names of the controls in the HTML, and `BUTTON` when it can be sent."""
    found = _Controls()
    found.feed(html)
    return frozenset(found.names)


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"input", "select", "textarea"}:
            self.names.add(values.get("name") or "")
        elif tag == "button" and values.get("type") == "submit":
            self.names.add(BUTTON)
