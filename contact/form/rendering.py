"""The enquiry form as HTML, and the pages around it.

A form with a missing control is never shown: phone and e-mail appear in its place, or at the very least a sentence.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.models import Page

from clinic.lib.logs import failures_logged
from clinic.models import ClinicDetails
from clinic.public.contact_fallback import contact_details
from clinic.public.navigation import Link
from contact.form.cookieless import AlreadyShown, hidden_values
from contact.form.forms import EnquiryForm
from contact.intake import promise
from contact.models import Enquiry, PrivacyNotice
from contact.privacy_notice import current_notice

FRAME = "base.html"
SUBMIT_BUTTON = "a submit button"
# By pattern: a parser made 3 % of the calls that draw a treatment page.
CONTROL = re.compile(r'<(?:input|select|textarea)\b[^>]*\sname="([^">]+)"')
SUBMIT = re.compile(r'<button\b[^>]*\stype="submit"')

LAST_RESORT = (
    "<section><h2>Please call us</h2><p>The enquiry form is not working right now, and nothing was sent. Please call"
    " the clinic or come by. In an emergency call 911.</p><pre>{}</pre></section>"
)


def enquiry_form_html(request: HttpRequest | None, *, about: Page | None) -> SafeString:
    """Return the form for the end of a page, about a page if one is given. Never raises."""
    # The page's own name for it (“IMS”), if it has one; contact/ knows no type of page.
    name = getattr(about, "enquiry_topic_name", "")
    question = f"about {name}" if name else "a question"
    form = EnquiryForm(initial={"about": about.pk if about else None, "topic": Enquiry.Topic.APPOINTMENT})
    # The topic was chosen for people: they see it first.
    form.order_fields(["topic"])
    return form_or_phone(request, form, heading=f"Request an appointment or ask {question}")


def form_or_phone(
    request: HttpRequest | None, form: EnquiryForm, *, heading: str = "", shown: Collection[AlreadyShown] = ()
) -> SafeString:
    """Return the form or, when it cannot be rendered, phone, e-mail and what was typed, to be copied. Never raises."""
    clinic = ClinicDetails()
    with failures_logged("The enquiry form could not be shown"):
        clinic, notice = contact_details(request), current_notice(request)
        promised, is_open_late = promise.promise_at_the_form(request, is_urgent=AlreadyShown.WARNING in shown)
        if not is_open_late:
            form.offer_no_late_call()
        return form_html(form, clinic, heading=heading, notice=notice, promised=promised, shown=shown)
    with failures_logged("The replacement of the enquiry form could not be shown"):
        return render_to_string("contact/form_fallback.html", {"clinic": clinic, "form": form})
    return last_resort(form)


def last_resort(form: EnquiryForm) -> SafeString:
    return format_html(LAST_RESORT, "\n".join(text for _label, text in form.typed_lines()))


def form_html(
    form: EnquiryForm,
    clinic: ClinicDetails,
    *,
    notice: PrivacyNotice | None = None,
    shown: Collection[AlreadyShown] = (),
    **context: str,
) -> SafeString:
    """Return the form. Raises `ValueError` when a control is missing, or whatever went wrong.

    `shown` is what its sender was shown before, this time included: when the form comes again, it is let through.
    The template names the rest of the `context`.
    """
    more = {
        "form": form,
        "clinic": clinic,
        "notice": notice,
        "hidden_values": hidden_values(shown),
        "send_anyway": AlreadyShown.WARNING in shown,
        # The buttons ask about an address or a number that may be mistyped.
        "doubts": AlreadyShown.DOUBTS in shown and form.is_bound and form.is_valid() and form.has_doubts,
    }
    html = render_to_string("contact/form.html", context | more)
    if missing := missing_controls(html):
        raise ValueError(f"missing: {', '.join(missing)}")
    return html


def missing_controls(html: str) -> list[str]:
    found = {*CONTROL.findall(html), SUBMIT_BUTTON if SUBMIT.search(html) else ""}
    return [control for control in (*EnquiryForm.base_fields, SUBMIT_BUTTON) if control not in found]


def page_response(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    """Return the page in the site's frame or, when that fails (it needs the database), in a bare one."""
    context = {**context, "clinic": contact_details(request)}
    with failures_logged(f"{template} is shown without the site's frame"):
        return answer(request, render_to_string(template, {**context, "frame": FRAME}, request), status)
    return answer(request, render_to_string(template, {**context, "frame": "contact/bare.html"}), status)


def answer(request: HttpRequest, html: str, status: int) -> HttpResponse:
    """Let the browser store an answer to a form, for Back and nothing else.

    With `no-store`, Back leads to “Document Expired” or “Confirm Form Resubmission” (docs/privacy.md).
    """
    may_hold_words = request.method == "POST" or status != HTTPStatus.OK
    return HttpResponse(html, status=status, headers={"Cache-Control": "private, no-cache"} if may_hold_words else {})


def privacy_page_link(request: HttpRequest) -> Link | None:
    """Return title and address of the editors' privacy page, or `None` when there is none to link to."""
    with suppress(DatabaseError):
        page = contact_details(request).privacy_page
        url = page.get_url(request) if page and page.live else None
        return Link(page.title, url, is_current=False) if page and url else None
    return None


def page_asked_about(about: int | None) -> Page | None:
    """Return the page that an enquiry is about. The titles of drafts and private pages are not shown."""
    with suppress(DatabaseError):
        return Page.objects.live().public().filter(pk=about, depth__gt=1).specific().first()
    return None
