"""The desk's own pages beside Django's list and detail: each line names a view of its own module."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.urls import URLPattern

    from contact.models import Enquiry


def desk_urls(_admin: ModelAdmin[Enquiry]) -> list[URLPattern]:
    """Return the addresses below `/django-admin/contact/enquiry/`; each view is wrapped in `admin_site.admin_view`."""
    return []
