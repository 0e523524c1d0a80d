"""The privacy notice beside the form and on a page of its own, rendered from the running settings.

`templates/contact/privacy_notice.txt` has the sentences, in Markdown. Each wording that was ever shown beside the form
is stored, and found by its version: a page may have been cached or open for hours, so its form names the version that
it shows. When anything here fails, the form is shown and the enquiry is stored all the same.

May import `contact.intake`, `contact.models` and `clinic`. The pages are views of `contact.form`.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from markdown_it import MarkdownIt

from clinic.lib.logs import failures_logged
from clinic.lib.text import running_text
from clinic.models import ClinicDetails, ContentVersion
from contact.models import DeskSettings, PrivacyNotice

VERSION_LENGTH = 12


def readers() -> tuple[str, ...]:
    """Return the groups whose members may open enquiries, as their permissions are now."""
    may_see = {"permissions__content_type__app_label": "contact", "permissions__codename": "view_enquiry"}
    return tuple(Group.objects.filter(**may_see).order_by("name").values_list("name", flat=True))


@receiver(m2m_changed, sender=Group.permissions.through, dispatch_uid="privacy-notice")
def renew_cached_pages(**_kwargs: Any) -> None:
    """Other groups may open enquiries now, and cached pages name them."""
    ContentVersion.renew()


def render_notice(clinic: ClinicDetails, desk: DeskSettings, readers: Iterable[str]) -> PrivacyNotice:
    """Render it from the settings and the names of the groups that may open enquiries."""
    context = {
        "clinic": clinic,
        "desk": desk,
        "stored_where": desk.stored_where.rstrip(". "),
        "readers": get_text_list([name.lower() for name in readers], "and") or "the clinic’s managers",
        "mail_is_encrypted": settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL,
    }
    short = render_to_string("contact/privacy_notice_short.txt", context).strip()
    text = render_to_string("contact/privacy_notice.txt", context | {"short": short}).strip() + "\n"
    return PrivacyNotice(version=hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH], text=text)


def notice_html(notice: PrivacyNotice) -> SafeString:
    """Return a wording without its short form, which begins it; the addresses of links are printed."""
    html = MarkdownIt(options_update={"html": False}).render(notice.text.partition(notice.short)[2])
    html = running_text(html.replace('<a href="https', '<a class="printed" href="https'))
    return mark_safe(html)  # noqa: S308  without its option for HTML, Markdown escapes it


def current_notice(request: HttpRequest | None = None) -> PrivacyNotice | None:
    """Return the notice of this moment, stored if that can be done; `None` when it cannot be rendered."""
    notice = None
    with failures_logged("The privacy notice could not be rendered or stored"):
        clinic = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
        notice = render_notice(clinic or ClinicDetails(), DeskSettings.load(request), readers())
        notice, _is_new = PrivacyNotice.objects.get_or_create(version=notice.version, defaults={"text": notice.text})
    return notice
