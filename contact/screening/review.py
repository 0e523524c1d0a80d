"""A physiotherapist's yearly review of the warning signs: by whom, when, and of which words.

The page is in the Wagtail admin, as physiotherapists have no access to the desk, and shows no enquiries.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from contact.models import DeskSettings, RedFlag

ADDRESS = "review_warning_signs"
PERMISSION = "contact.review_redflag"
REVIEW_EVERY = timedelta(days=365)


def fingerprint() -> str:
    """Return a hash of the list: a different one once a sign or phrase is added, changed or taken out of use."""
    signs = [(sign.name, sign.is_active, sign.phrases) for sign in RedFlag.objects.order_by("name")]
    return hashlib.sha256(json.dumps(signs).encode()).hexdigest()


def why_due(desk: DeskSettings) -> str:
    """Return why a physiotherapist has to go through the list; empty while the review is current."""
    if desk.red_flags_reviewed_on is None:
        return "No one has reviewed this list yet"
    if desk.red_flags_fingerprint not in {"", fingerprint()}:
        return "The list was changed since its last review"
    is_recent = timezone.localdate() - desk.red_flags_reviewed_on <= REVIEW_EVERY
    return "" if is_recent else "The yearly review is due"


@transaction.atomic
def review(user: Any, of: str) -> bool:
    """Record that this person has reviewed the list; False if it is no longer the list they saw (its fingerprint)."""
    if of != fingerprint():
        return False
    desk = DeskSettings.load()
    desk.red_flags_reviewed_on = timezone.localdate()
    desk.red_flags_reviewed_by = user.get_full_name() or user.get_username()
    desk.red_flags_fingerprint = of
    desk.save(update_fields=["red_flags_reviewed_on", "red_flags_reviewed_by", "red_flags_fingerprint"])
    return True


class ReviewView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_required = PERMISSION
    raise_exception = True
    template_name = "contact/review.html"
    page_title = "Warning signs"
    header_icon = "warning"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        desk = DeskSettings.load()
        more = {
            "signs": RedFlag.objects.order_by("-is_active", "name"),
            "desk": desk,
            "why_due": why_due(desk),
            "fingerprint": fingerprint(),
        }
        return super().get_context_data(**kwargs) | more

    def post(self, request: HttpRequest) -> HttpResponse:
        if review(request.user, request.POST.get("fingerprint", "")):
            messages.success(request, "Thank you. Your review of this list was recorded.")
        else:
            messages.warning(request, "The list was changed while this page was open. Please look through it again.")
        return HttpResponseRedirect(reverse(ADDRESS))
