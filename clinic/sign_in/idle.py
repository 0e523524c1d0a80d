"""The desk locks after a while without a request, and nothing that was typed is lost to that or to an ended session.

Both answer with a page that has the posted fields, to post them again. Scripts that ask on their own are no activity.
"""

import time
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin
from django.views.csrf import csrf_failure

from clinic.admin.site import repeat_page

ACTIVE_AT = "active_at"
# The session is stored, and its end put off, at most this often.
A_MINUTE = 60
DESK = "/django-admin/"
SIGN_IN = (f"{DESK}login/", f"{DESK}logout/")


class IdleMiddleware(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        return asked_first(request) if is_at_desk(request) else None


def is_at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(DESK) and not request.path.startswith(SIGN_IN)


def is_posted_here(request: HttpRequest) -> bool:
    """Return whether a page of this site posted it; no other site can have its fields shown to be sent again."""
    return request.method == "POST" and request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def asked_first(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks for the password, or to sign in; None where the request may go on."""
    if not request.user.is_authenticated:
        signed_out = {"title": "Please sign in again", "asks": "sign_in"}
        return repeat_page(request, signed_out, HTTPStatus.UNAUTHORIZED) if is_posted_here(request) else None
    now, is_poll = time.time(), "X-Poll" in request.headers
    idle = now - request.session.get(ACTIVE_AT, now)
    password = request.POST.get("unlock_password", "")
    if idle > settings.DESK_LOCKS_AFTER or password:
        name = request.user.get_username()
        if not password or not authenticate(request, username=name, password=password):
            context: dict[str, Any] = {"title": "The desk is locked", "asks": "password", "is_wrong": bool(password)}
            return repeat_page(request, context, HTTPStatus.FORBIDDEN)
    if not is_poll and (idle > A_MINUTE or ACTIVE_AT not in request.session):
        request.session[ACTIVE_AT] = now
    # A page that was only to be read is asked for once more.
    return HttpResponseRedirect(request.get_full_path()) if "unlock_read" in request.POST else None


def refused_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Ask to send it again where someone signed in since the page was opened, in another tab."""
    if is_at_desk(request) and is_posted_here(request):
        return repeat_page(request, {"title": "Please send it once more", "asks": "send_again"}, HTTPStatus.FORBIDDEN)
    return csrf_failure(request, reason)
