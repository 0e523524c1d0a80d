"""Receive an enquiry, and show its receipt and the privacy notice: without a contact page, a cookie or JavaScript."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic.lib.http import client_ip, parse_pk, read_only
from clinic.lib.logs import failures_logged, log_failure
from clinic.public.navigation import Link
from clinic.seo.meta import absolute
from contact.form import rendering
from contact.form.cookieless import (
    AlreadyShown,
    Origin,
    Receipt,
    already_shown,
    hidden_values,
    origin_of,
    read_receipt,
    sign_receipt,
)
from contact.form.forms import EnquiryForm
from contact.intake import submission
from contact.models import Enquiry, Message, PrivacyNotice
from contact.models.message import MessageType
from contact.models.monitoring import CANARY_FIELD
from contact.privacy_notice import current_notice, notice_html
from contact.screening.spam import network_hash, sender_hash
from contact.screening.warning_signs import find_warning_signs

UNREADABLE = (SuspiciousOperation, MultiPartParserError, BadRequest, UnreadablePostError)
PRIVACY_TITLE = "Your enquiry and your privacy"
HOME = Link("Home", "/", is_current=False)


# Exempt because a token would need a cookie for every visitor, would grow stale in caches and on open pages,
# and would then cost a patient the typed text. `origin_of` checks the browser's headers instead. No one is signed in
# here, so there is no session that a forged post could use.
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return receive_enquiry(request)
    about, topic = parse_pk(request.GET.get("about", "")), request.GET.get("topic", "")
    form = EnquiryForm(initial={"about": about, "topic": topic if topic in Enquiry.Topic.values else ""})
    try:
        Enquiry.objects.exists()
    except DatabaseError:
        # The form is still shown: the database may be back when it is sent; if not, the typed text is shown again.
        return _form_page(request, form, status=HTTPStatus.SERVICE_UNAVAILABLE, out_of_order=True)
    return _form_page(request, form)


def receive_enquiry(request: HttpRequest) -> HttpResponse:
    try:
        form = EnquiryForm(request.POST)
    except UNREADABLE as error:
        too_big = isinstance(error, RequestDataTooBig)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST
        return rendering.page_response(request, "contact/unreadable.html", {"too_big": too_big}, status)
    shown = already_shown(request.POST)
    try:
        return _answer_to(request, form, shown)
    except Exception as error:  # noqa: BLE001  whatever it is, the patient gets back what was typed; it is logged
        log_failure("An enquiry could not be stored", error)
        is_down = isinstance(error, DatabaseError)
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_down else HTTPStatus.INTERNAL_SERVER_ERROR
        return _unavailable_page(request, form, shown, status)


def _answer_to(request: HttpRequest, form: EnquiryForm, shown: frozenset[AlreadyShown]) -> HttpResponse:
    """Store the enquiry and lead to its receipt, or show the form again and say why."""
    origin = origin_of(request)
    signs = find_warning_signs(form.typed_text)
    if signs.names and AlreadyShown.WARNING not in shown:
        # Before any error, and one page asks about everything: a person who may need help must not meet a second one.
        shown |= {AlreadyShown.WARNING} | ({AlreadyShown.DOUBTS} if form.is_valid() else set())
        shown |= {AlreadyShown.CAME_FROM_ANOTHER_SITE} if origin is Origin.ANOTHER_SITE else set()
        # The emergency wording comes before the form and all typed text. Nothing was wrong: 200.
        return _form_page(request, form, "contact/warning.html", heading="What you wrote", shown=shown, signs=signs)
    if origin is Origin.ANOTHER_SITE:
        shown |= {AlreadyShown.CAME_FROM_ANOTHER_SITE}
        return _form_page(request, form, status=HTTPStatus.FORBIDDEN, shown=shown, signs=signs)
    if not form.is_valid():
        return _form_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY, shown=shown, signs=signs)
    if form.has_doubts and AlreadyShown.DOUBTS not in shown:
        # The address or the number may be mistyped. Nothing was wrong: 200.
        return _form_page(request, form, "contact/doubts.html", shown=shown | {AlreadyShown.DOUBTS})
    address = client_ip(request) or ""
    stored = submission.submit_enquiry(
        form.answers,
        canary=request.POST.get(CANARY_FIELD, ""),
        about_id=form.about_id,
        privacy_notice=_notice_shown(request.POST.get("notice", "")),
        honeypot_filled=bool(form.cleaned_data["website"]),
        headers_missing=origin is Origin.UNKNOWN,
        sender_hash=sender_hash(address),
        network_hash=network_hash(address),
        red_flags=list(signs.names),
    )
    response = HttpResponseRedirect(reverse("enquiry_receipt", args=[sign_receipt(stored)]))
    response.status_code = HTTPStatus.SEE_OTHER
    response["Cache-Control"] = "no-store"
    return response


def _notice_shown(version: str) -> PrivacyNotice | None:
    """Return the notice of this version, or the current one when a form names none that we know. Never raises."""
    with failures_logged("The privacy notice of an enquiry could not be found"):
        known = PrivacyNotice.objects.filter(version=version).first() if version.isalnum() else None
        current = known or current_notice()
        return current if current and current.pk else None
    return None


@never_cache
@read_only
def receipt(request: HttpRequest, signed: str) -> HttpResponse:
    facts = read_receipt(signed)
    if facts is None:
        raise Http404
    context = {"receipt": facts, **_known_about(facts)}
    response = rendering.page_response(request, "contact/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _known_about(facts: Receipt) -> dict[str, Any]:
    """Return what the receipt says only where it is true; nothing of it without a database, or once it is deleted."""
    try:
        enquiry = Enquiry.objects.select_related("about").get(reference=facts.reference)
        # The receipt of someone who sent the same words again is not mailed.
        since = facts.received_at - timedelta(minutes=1)
        receipts = Message.objects.filter(enquiry=enquiry, kind=MessageType.PATIENT_RECEIPT, created_at__gte=since)
        return {"enquiry": enquiry, "is_mailed": receipts.exists()}
    except (DatabaseError, Enquiry.DoesNotExist):
        return {}


@read_only
def privacy_notice(request: HttpRequest, version: str = "") -> HttpResponse:
    """Show the current wording or, at its own address, each as it was; the current one there too."""
    notice = get_object_or_404(PrivacyNotice, version=version) if version else current_notice(request)
    if notice is None:
        return rendering.page_response(request, "contact/privacy_unavailable.html", {}, HTTPStatus.SERVICE_UNAVAILABLE)
    address = reverse("privacy_notice")
    above = Link(PRIVACY_TITLE, address, is_current=False) if version else rendering.privacy_page_link(request)
    context = {
        "notice": notice,
        "body": notice_html(notice),
        "is_earlier": bool(version),
        "address": absolute(address),
        "more_url": above.url if above and not version else "",
        "trail": [HOME, above] if above else [HOME],
        "here": "Earlier version" if version else PRIVACY_TITLE,
    }
    response = rendering.page_response(request, "contact/privacy_notice.html", context)
    if version:
        response["X-Robots-Tag"] = "noindex"
    return response


def _form_page(
    request: HttpRequest,
    form: EnquiryForm,
    template: str = "contact/enquiry.html",
    status: int = HTTPStatus.OK,
    *,
    heading: str = "",
    shown: frozenset[AlreadyShown] = frozenset(),
    **context: Any,
) -> HttpResponse:
    """Return the form, with everything that was typed. Nothing is stored."""
    form.begin_with_purpose()
    context |= {
        "form": form,
        "about": rendering.page_asked_about(form.about_id),
        "from_another_site": status == HTTPStatus.FORBIDDEN,
        "address": absolute(reverse("enquiry")),
        "shows_enquiry_form": True,
        "form_html": rendering.form_or_phone(request, form, heading=heading, shown=shown),
    }
    return rendering.page_response(request, template, context, status)


def _unavailable_page(
    request: HttpRequest, form: EnquiryForm, shown: frozenset[AlreadyShown], status: int
) -> HttpResponse:
    """Give back what was typed, to be copied or sent again. Never raises."""
    context = {"form": form, "hidden_values": hidden_values(shown), "shows_enquiry_form": True}
    with failures_logged("The page for an enquiry that was not stored could not be shown"):
        return rendering.page_response(request, "contact/unavailable.html", context, status)
    return rendering.answer(request, rendering.last_resort(form), status)
