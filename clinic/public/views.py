"""Search, health and errors."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from wagtail import hooks

from clinic.lib.http import read_only
from clinic.lib.telephone import phone_links
from clinic.public.contact_fallback import contact_details
from clinic.public.search import find_pages

logger = logging.getLogger(__name__)

WARNING_SIGNS = "find_warning_signs"
# For when the templates or style sheets are what is broken: it needs none of them.
PLAIN_ERROR_PAGE = """<!doctype html>
<html lang="en-CA"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title>
<main><h1>Something went wrong on our end</h1>
<p>If it cannot wait, call {name}: {phone}</p><p>{emergency}</p></main></html>"""


@read_only
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    results = find_pages(request, query, request.GET.get("page", "1"))
    return render(request, "clinic/search.html", {"results": results, "signs": warning_signs_in(query)})


def warning_signs_in(text: str) -> Any:
    """Return the signs of something urgent in the text, or None. A search for them shows whom to call before all else.

    This app knows no such signs: another one registers a function that finds them, as the hook `WARNING_SIGNS`.
    """
    found = (find(text) for find in hooks.get_hooks(WARNING_SIGNS))
    return next((signs for signs in found if signs.names), None)


@read_only
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the process is up; asks neither the database nor the cache."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def server_error(_request: HttpRequest) -> HttpResponse:
    """Show whom to call, from the last known copy: the database may be what is broken.

    In that case the answer is 503, which search engines and caches take as temporary.
    """
    error = sys.exc_info()[1]
    # SQLite's error for a corrupt file is a bare `DatabaseError`; those that Django itself raises have no cause.
    is_corrupt = type(error) is DatabaseError and error.__cause__ is not None
    is_gone = is_corrupt or isinstance(error, (OperationalError, InterfaceError))
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_gone else HTTPStatus.INTERNAL_SERVER_ERROR
    contact = contact_details()
    try:
        return HttpResponse(render_to_string("500.html", {"clinic": contact}), status=status)
    except Exception:
        # Whatever broke the page may have broken this template too; the visitor still gets a number to call.
        logger.exception("The error page could not be drawn.")
        calls = {"phone": phone_links(contact.phone), "emergency": phone_links(contact.emergency_wording)}
        page = format_html(PLAIN_ERROR_PAGE, name=contact.name, **calls)
        return HttpResponse(page, status=status, headers={"Content-Security-Policy": "default-src 'none'"})
