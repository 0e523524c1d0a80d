"""Checks that Wagtail's own views lack: some need no permission, and some fail when a form lacks a field."""

import re
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponseBadRequest, HttpResponseBase, JsonResponse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.deprecation import MiddlewareMixin
from wagtail.admin.auth import permission_denied

from clinic.admin.dashboard import may_edit_pages

# Pages that only show what an error page looks like; approving without a form, which would check nothing.
UNUSED = re.compile(r"/admin/(failwhale|test404|pages/workflow/action)/")
# The lists, choosers and actions that pages are edited with.
FOR_EDITORS = re.compile(
    r"/admin/(api|bulk(?!/auth/)|choose-page|documents/chooser|editing-sessions|embeds|images/chooser|pages"
    r"|reports/site-history|tag-autocomplete)/"
)
FOR_WORKFLOWS = re.compile(r"/admin/workflows/task_chooser/")
# Forms that fail without this field.
NEEDED_FIELDS = {
    "/admin/choose-external-link/": "external-link-chooser-url",
    "/admin/redirects/import/process/": "import_file_name",
}

SIGNED_OUT = "You have been signed out: sign in in another tab, your text stays here."


def autosaves_page(request: HttpRequest) -> bool:
    is_json = request.headers.get("Accept") == "application/json"
    return request.method == "POST" and is_json and request.path.startswith("/admin/pages/")


def signed_out() -> JsonResponse:
    """Return what autosave.js waits on: it asks for the page until someone is signed in, and takes its new token."""
    answer = {"success": False, "signed_out": True, "error_code": "locked", "error_message": SIGNED_OUT}
    return JsonResponse(answer, status=HTTPStatus.FORBIDDEN)


class PermissionMiddleware(MiddlewareMixin):
    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """Refuse users who may do nothing but enter the admin. Wagtail itself asks everyone else to sign in."""
        if autosaves_page(request) and request.user.is_anonymous:
            return signed_out()
        if not request.path.startswith("/admin/") or not request.user.has_perm("wagtailadmin.access_admin"):
            return None
        if UNUSED.match(request.path):
            raise Http404
        workflows = FOR_WORKFLOWS.match(request.path) and not request.user.has_perm("wagtailcore.change_workflow")
        if workflows or (FOR_EDITORS.match(request.path) and not may_edit_pages(request.user)):
            return permission_denied(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a form that no browser sends with 400."""
        needed = NEEDED_FIELDS.get(request.path)
        lacks_field = isinstance(exception, MultiValueDictKeyError) or (needed and needed not in request.POST)
        is_faulty = request.method == "POST" and (lacks_field or is_about_posted_value(exception, request))
        if is_faulty and request.path.startswith("/admin/"):
            return HttpResponseBadRequest("The form was incomplete or malformed.", content_type="text/plain")
        return None


def is_about_posted_value(exception: Exception, request: HttpRequest) -> bool:
    """Return whether a number is too large, or the message quotes something posted where a number has to be."""
    posted = (repr(value) for _name, values in request.POST.lists() for value in values)
    is_quoted = isinstance(exception, ValueError) and any(value in str(exception) for value in posted)
    return is_quoted or isinstance(exception, (OverflowError, DataError, ValidationError))
