"""The desk's own pages beside Django's list and detail: each line names a view of its own module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from contact.admin.detail_urls import detail_urls
from contact.admin.export import export_view
from contact.admin.numbers import numbers_view
from contact.admin.persons import PersonView
from contact.admin.safeguards import safeguards_view

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.urls import URLPattern

    from contact.models import Enquiry


def desk_urls(admin: ModelAdmin[Enquiry]) -> list[URLPattern]:
    """Return the addresses below `/django-admin/contact/enquiry/`; each view is wrapped in `admin_site.admin_view`."""
    site, wrap = admin.admin_site, admin.admin_site.admin_view
    return [
        *detail_urls(admin),
        path("numbers/", wrap(numbers_view(admin)), name="contact_enquiry_numbers"),
        path("export/", wrap(export_view(admin)), name="contact_enquiry_export"),
        path("person/", wrap(PersonView.as_view(admin_site=site)), name="contact_enquiry_person"),
        path("safeguards/", wrap(safeguards_view(admin)), name="contact_enquiry_safeguards"),
    ]
