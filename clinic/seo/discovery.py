"""robots.txt, sitemap.xml, security.txt and llms.txt, made from the published pages."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db.models import Max, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import last_modified
from wagtail.models import Page, PageLogEntry, Site

from clinic.images.pictures import largest_jpeg
from clinic.lib.http import read_only
from clinic.lib.telephone import phone_address
from clinic.models import ClinicDetails
from clinic.seo.meta import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

# RFC 9116 asks for less than a year.
SECURITY_TXT_LIFETIME = timedelta(days=180)
# Characters that would end a link's text in Markdown.
MARKDOWN = str.maketrans({"[": r"\[", "]": r"\]"})


class Entry(NamedTuple):
    """A published page; both addresses are public ones, and the depth counts from the home page."""

    title: str
    address: str
    description: str
    changed: datetime | None
    picture: str
    depth: int


def entries(request: HttpRequest) -> list[Entry]:
    """Return the site's published pages in the order of the tree; the number of queries depends only on the types."""
    home = Site.find_for_request(request).root_page
    pages = list(home.get_descendants(inclusive=True).live().order_by("path").specific().defer_streamfields())
    prefetch_related_objects(pages, "lead_image__renditions")
    found = []
    for page in pages:
        if getattr(page, "only_location", None):
            continue  # it redirects to that
        description = page.search_description or page.introduction
        picture = largest_jpeg(page.lead_image) if page.lead_image else None
        found.append(
            Entry(
                title=page.title,
                address=absolute(page.get_url(request)),
                description=" ".join(description.split()),
                changed=page.last_published_at,
                picture=absolute(picture.url) if picture else "",
                depth=page.depth - home.depth,
            )
        )
    return found


@read_only
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask search engines to leave out what is not a page. None of it is secret."""
    return plain_text(
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /django-admin/",
        "Disallow: /search/?",
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    )


def last_change(_request: HttpRequest) -> datetime | None:
    """Return when a page was last published, moved, taken off or deleted; only the log knows of the last three."""
    logged = PageLogEntry.objects.aggregate(last=Max("timestamp"))["last"]
    published = Page.objects.aggregate(last=Max("last_published_at"))["last"]
    return max(filter(None, (logged, published)), default=None)


@read_only
@last_modified(last_change)
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page with its last change and its picture (sitemaps.org, with Google's image extension)."""
    return render(request, "clinic/sitemap.xml", {"pages": entries(request)}, content_type="application/xml")


@read_only
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116). Expires at the end of a day half a year from now."""
    clinic = ClinicDetails.for_request(request)
    contact = f"mailto:{clinic.email}" if clinic.email else phone_address(clinic.phone) if clinic.phone else ""
    last_day = timezone.localdate() + SECURITY_TXT_LIFETIME
    expires = datetime.combine(last_day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())
    return plain_text(
        f"Contact: {contact or absolute(reverse(settings.ENQUIRY_VIEW))}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(reverse('security'))}",
    )


@read_only
def llms(request: HttpRequest) -> HttpResponse:
    """List the pages with a sentence on each, for language models (llmstxt.org)."""
    home, *pages = entries(request)
    clinic = ClinicDetails.for_request(request)
    reach = [words for words in (clinic.phone, clinic.email) if words]
    form = absolute(reverse(settings.ENQUIRY_VIEW))
    head = [f"# {clinic.name}", "", f"> {home.description or home.title}", "", clinic.emergency_wording]
    if reach:
        head += ["", f"Contact the clinic at {' or '.join(reach)}, or use the enquiry form at {form}."]
    return plain_text(*head, *sections(pages))


def sections(pages: Iterable[Entry]) -> list[str]:
    """Return a Markdown list for each page below home together with its own pages, and one list for the others."""
    branches: list[list[Entry]] = []
    for page in pages:
        if page.depth == 1 or not branches:
            branches.append([])
        branches[-1].append(page)
    lists = [(branch[0].title, branch) for branch in branches if len(branch) > 1]
    lists.append(("More", [branch[0] for branch in branches if len(branch) == 1]))
    return [line for title, listed in lists if listed for line in ("", f"## {title}", "", *map(link, listed))]


def link(page: Entry) -> str:
    return f"- [{page.title.translate(MARKDOWN)}]({page.address})" + f": {page.description}" * bool(page.description)


def plain_text(*lines: str) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
