"""What machines ask a site for: robots.txt, sitemap, security.txt, llms.txt. All made anew from the pages."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail.models import Site

from clinic.lib.telephone import phone_address
from clinic.public.contact_fallback import contact_details
from clinic.seo.meta import absolute
from clinic.seo.sitemap import Entry, entries

if TYPE_CHECKING:
    from collections.abc import Iterable

# RFC 9116 asks for less than a year.
SECURITY_TXT_LIFETIME = timedelta(days=180)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask search engines to leave out what is no page; nothing here is secret."""
    return plain_text(
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /django-admin/",
        "Disallow: /search/?",
        "Disallow: /enquiry/sent/",
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    )


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page with its last change and its picture (sitemaps.org, with Google's image extension)."""
    pages = entries(Site.find_for_request(request).root_page)
    response = render(request, "clinic/sitemap.xml", {"pages": pages}, content_type="application/xml")
    changes = [page.changed for page in pages if page.changed]
    if changes:
        response["Last-Modified"] = http_date(max(changes).timestamp())
    return response


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116). It runs out at the end of a day half a year from now."""
    clinic = contact_details(request)
    contact = f"mailto:{clinic.email}" if clinic.email else phone_address(clinic.phone) if clinic.phone else ""
    last_day = timezone.localdate() + SECURITY_TXT_LIFETIME
    expires = datetime.combine(last_day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())
    return plain_text(
        f"Contact: {contact or absolute(reverse(settings.ENQUIRY_VIEW))}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(reverse('security'))}",
    )


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """List the pages with a sentence on each, for programs that read instead of people (llmstxt.org)."""
    home, *pages = entries(Site.find_for_request(request).root_page)
    clinic = contact_details(request)
    reach = [words for words in (clinic.phone, clinic.email) if words]
    head = [f"# {clinic.name}", "", f"> {home.description or home.title}", "", clinic.emergency_wording]
    if reach:
        head += ["", f"The clinic answers at {' and '.join(reach)}, and at {absolute(reverse(settings.ENQUIRY_VIEW))}."]
    return plain_text(*head, *sections(pages))


def sections(pages: Iterable[Entry]) -> list[str]:
    """Return the lines of one list for each page below home together with its own pages, and one for the others."""
    branches: list[list[Entry]] = []
    for page in pages:
        if page.depth == 1 or not branches:
            branches.append([])
        branches[-1].append(page)
    lists = [(branch[0].title, branch) for branch in branches if len(branch) > 1]
    lists.append(("More", [branch[0] for branch in branches if len(branch) == 1]))
    return [line for title, listed in lists if listed for line in ("", f"## {title}", "", *map(link, listed))]


def link(page: Entry) -> str:
    return f"- [{page.title.translate(LINK_SIGNS)}]({page.address})" + f": {page.description}" * bool(page.description)


# Signs that would end a link's words in Markdown.
LINK_SIGNS = str.maketrans({"[": r"\[", "]": r"\]"})


def plain_text(*lines: str) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
