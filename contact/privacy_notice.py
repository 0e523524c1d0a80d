"""The privacy notice beside the form and on a page of its own, rendered from the running settings.

`templates/contact/privacy_notice.txt` has the sentences, without markup: blocks with an empty line between them. A
block that ends without a full stop or colon is a heading, and lines that begin with a dash are a list.

Each wording that was ever shown beside the form is stored, and found by its version: a page may have been cached or
open for hours, so its form names the version that it shows. When anything here fails, the form is shown and the enquiry
is stored all the same.

May import `contact.intake`, `contact.models` and `clinic`. The pages are views of `contact.form`.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list

from clinic.lib.logs import failures_logged
from clinic.lib.text import running_text
from clinic.models import ClinicDetails, ContentVersion
from contact.models import DeskSettings, PrivacyNotice

VERSION_LENGTH = 12
COMMISSIONER_URL = "https://yukonaccountability.ca/ipc/complaints"
DASH = "– "
# The heading of the last part of every wording.
EMERGENCIES = "Not for emergencies"
COMMISSIONER = re.compile(r'(Yukon Information and Privacy Commissioner): <a href="([^"]+)"[^>]*>[^<]*</a>')


def readers() -> tuple[str, ...]:
    """Return the groups whose members may open enquiries, as their permissions are now."""
    may_see = {"permissions__content_type__app_label": "contact", "permissions__codename": "view_enquiry"}
    return tuple(Group.objects.filter(**may_see).order_by("name").values_list("name", flat=True))


@receiver(m2m_changed, sender=Group.permissions.through, dispatch_uid="privacy-notice")
def renew_cached_pages(**_kwargs: Any) -> None:
    """Other groups may open enquiries now, and cached pages name them."""
    ContentVersion.renew()


# A heading or a paragraph is one line; a list has a line for each item, which begins with `DASH`.
Block = list[str]


class NoticePage(NamedTuple):
    """`short` begins it; `urgent` says what to do in an emergency; `parts` are the rest: heading and blocks of each."""

    short: str
    urgent: str
    parts: list[tuple[str, list[Block]]]


def render_notice(clinic: ClinicDetails, desk: DeskSettings, readers: Iterable[str]) -> PrivacyNotice:
    """Render it from the settings and the names of the groups that may open enquiries."""
    context = {
        "clinic": clinic,
        "desk": desk,
        "stored_where": desk.stored_where.rstrip(". "),
        "readers": get_text_list([name.lower() for name in readers], "and") or "the clinic’s managers",
        "mail_is_encrypted": settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL,
        "commissioner": COMMISSIONER_URL,
    }
    short = render_to_string("contact/privacy_notice_short.txt", context).strip()
    blocks = blocks_of(render_to_string("contact/privacy_notice.txt", context | {"short": short}))
    text = "\n\n".join(map("\n".join, blocks)) + "\n"
    return PrivacyNotice(version=hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH], text=text)


def blocks_of(text: str) -> list[Block]:
    """Return the text's headings, paragraphs and lists, without line breaks inside a line."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return [[" ".join(line.split()) for line in re.split(rf"\n\s*(?={DASH})", block)] for block in blocks]


def page_of(text: str) -> NoticePage:
    """Return the parts of a wording, current or earlier; `parts` has everything when it does not end as usual."""
    _in_short, [short], *blocks = blocks_of(text)
    end = blocks.index([EMERGENCIES]) if [EMERGENCIES] in blocks else len(blocks)
    urgent = " ".join(line for block in blocks[end + 1 :] for line in block)
    parts: list[tuple[str, list[Block]]] = []
    for block in blocks[:end]:
        if block[0].startswith(DASH) or block[0].endswith((".", ":", "!", "?")):
            parts[-1][1].append(block)
        else:
            parts.append((block[0], []))
    return NoticePage(short, urgent, parts)


def linked(line: str) -> SafeString:
    """Return the line with its addresses and numbers as links, the Commissioner's by the name of the office."""
    html = COMMISSIONER.sub(r'<a class="printed" href="\2">\1</a>', urlize(line.removeprefix(DASH), autoescape=True))
    return mark_safe(running_text(html))  # noqa: S308  `urlize` escaped the line


def current_notice(request: HttpRequest | None = None) -> PrivacyNotice | None:
    """Return the notice of this moment, stored if that can be done; `None` when it cannot be rendered."""
    notice = None
    with failures_logged("The privacy notice could not be rendered or stored"):
        clinic = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
        notice = render_notice(clinic or ClinicDetails(), DeskSettings.load(request), readers())
        notice, _is_new = PrivacyNotice.objects.get_or_create(version=notice.version, defaults={"text": notice.text})
    return notice
