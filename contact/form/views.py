"""Receive an enquiry and show its receipt: without a contact page, a cookie, JavaScript or a database."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseError
from django.http import Http404, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from clinic.lib.client_ip import network_address
from clinic.lib.ids import parse_pk
from clinic.lib.logs import log_failure
from clinic.public.contact_fallback import contact_details
from clinic.public.errors import RETRY_AFTER
from clinic.seo.meta import absolute
from contact.form import pages, receipts, rendering, same_origin
from contact.form.already_shown import Shown, hidden_values, was_shown
from contact.form.forms import EnquiryForm
from contact.intake import canary, promise, submission
from contact.privacy_notice import versions
from contact.screening import Arrival
from contact.screening.senders import sender_hash
from contact.screening.warning_signs import found_in
from contact.screening.wordlists import warning_signs

if TYPE_CHECKING:
    from django.http import HttpRequest

UNREADABLE = (SuspiciousOperation, MultiPartParserError, BadRequest, UnreadablePostError)


# Exempt because a token would need a cookie for every visitor, would grow stale in caches and on open pages,
# and would then cost a patient the typed text. `contact.form.same_origin` asks the browser instead; nobody is signed in
# here, so there is no session that a forged post could use.
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _receive(request)
    form = EnquiryForm(initial={"about": parse_pk(request.GET.get("about", ""))})
    if submission.can_receive():
        return _form_page(request, form)
    # The form stays: when they have written, the database may be back, and if not their words are given back.
    response = _form_page(request, form, HTTPStatus.SERVICE_UNAVAILABLE, out_of_order=True)
    response["Retry-After"] = RETRY_AFTER
    return response


@never_cache
@require_safe
def receipt(request: HttpRequest, signed: str) -> HttpResponse:
    shown = receipts.read(signed)
    if shown is None:
        raise Http404
    response = pages.answer(request, "contact/receipt.html", {"receipt": shown})
    response["X-Robots-Tag"] = "noindex"
    return response


def _receive(request: HttpRequest) -> HttpResponse:
    try:
        form = EnquiryForm(request.POST)
    except UNREADABLE as error:
        too_big = isinstance(error, RequestDataTooBig)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST
        return _unstored(request, "contact/unreadable.html", {"too_big": too_big}, status)
    verdict, shown = same_origin.judge(request), was_shown(request.POST)
    if verdict is same_origin.Verdict.ELSEWHERE:
        return _form_page(request, form, HTTPStatus.FORBIDDEN, shown=shown | {Shown.FROM_ELSEWHERE})
    if not form.is_valid():
        return _form_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, shown=shown)
    red_flags = found_in(form.cleaned_data["message"], warning_signs())
    if red_flags and Shown.WARNING not in shown:
        return _warning_page(request, form, red_flags, shown | {Shown.WARNING})
    arrival = Arrival(
        headers_missing=verdict is same_origin.Verdict.UNTOLD,
        sender_hash=sender_hash(network_address(request)),
        red_flags=red_flags,
        canary=request.POST.get(canary.FIELD, ""),
    )
    try:
        stored = submission.receive(form.cleaned_data, arrival)
    except DatabaseError as error:
        log_failure("An enquiry could not be stored", error)
        context = {"form": form, "hidden_values": hidden_values(shown), "shows_enquiry_form": True}
        response = _unstored(request, "contact/unavailable.html", context, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = RETRY_AFTER
        return response
    return _no_store(_see_other(reverse("enquiry_receipt", args=[receipts.sign(stored)])))


def _warning_page(
    request: HttpRequest, form: EnquiryForm, signs: tuple[str, ...], shown: frozenset[Shown]
) -> HttpResponse:
    """Put the emergency wording before the form and all typed text. Nothing is stored, and nothing was wrong: 200."""
    form_html = rendering.form_or_phone(
        form,
        contact_details(request),
        heading="What you wrote",
        notice=versions.shown(request),
        promised=promise.at_the_form(request),
        shown=shown,
    )
    context = {"signs": signs, "form_html": form_html, "shows_enquiry_form": True}
    return _unstored(request, "contact/warning.html", context, HTTPStatus.OK)


def _form_page(
    request: HttpRequest,
    form: EnquiryForm,
    status: int = HTTPStatus.OK,
    *,
    shown: frozenset[Shown] = frozenset(),
    out_of_order: bool = False,
) -> HttpResponse:
    clinic = contact_details(request)
    about = pages.about_name(form.about_id)
    context = {
        "form": form,
        "about": about,
        "from_elsewhere": status == HTTPStatus.FORBIDDEN,
        "out_of_order": out_of_order,
        "address": absolute(reverse("enquiry")),
        "shows_enquiry_form": True,
        "form_html": rendering.form_or_phone(
            form, clinic, notice=versions.shown(request), promised=promise.at_the_form(request), shown=shown
        ),
    }
    response = pages.answer(request, "contact/enquiry.html", context, status)
    return response if status == HTTPStatus.OK else _no_store(response)


def _unstored(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    return _no_store(pages.answer(request, template, context, status))


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
