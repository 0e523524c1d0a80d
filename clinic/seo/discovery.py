"""robots.txt, sitemap.xml, security.txt and llms.txt, made from the published pages."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Max, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import last_modified
from wagtail.models import Page, PageLogEntry, Site

from clinic.images.pictures import largest_jpeg
from clinic.lib.http import read_only
from clinic.models import ClinicDetails
from clinic.seo.meta import absolute

PAGES_IN_A_PART = 500
PLAIN_TEXT = "text/plain; charset=utf-8"


def parts(request: HttpRequest) -> Paginator[Page]:
    """Return the published pages in the order of the tree, in parts of which a small clinic has one."""
    home = Site.find_for_request(request).root_page
    return Paginator(home.get_descendants(inclusive=True).live().order_by("path"), PAGES_IN_A_PART)


def entries(request: HttpRequest, part: PaginatorPage[Page]) -> list[dict[str, Any]]:
    """Return what to say of each of these pages, with public addresses.

    The number of queries depends only on the number of types.
    """
    rows: Any = part.object_list  # a query set: the stubs know only that it is counted and sliced
    pages = list(rows.specific().defer_streamfields())
    prefetch_related_objects(pages, "lead_image__renditions")
    return [
        {
            "title": page.title,
            "address": absolute(page.get_url(request)),
            "description": " ".join((page.search_description or page.introduction).split()),
            "changed": page.last_published_at,
            "picture": absolute(picture.url) if (picture := largest_jpeg(page.lead_image)) else "",
        }
        for page in pages
        if not getattr(page, "only_location", None)  # it redirects to that
    ]


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Ask search engines to leave out what is not a page. None of it is secret."""
    return render(request, "clinic/robots.txt", {"sitemap": absolute(reverse("sitemap"))}, content_type=PLAIN_TEXT)


def last_change(_request: HttpRequest) -> datetime | None:
    """Return when a page was last published, moved, taken off or deleted; only the log knows of the last three."""
    logged = PageLogEntry.objects.aggregate(last=Max("timestamp"))["last"]
    published = Page.objects.aggregate(last=Max("last_published_at"))["last"]
    return max(filter(None, (logged, published)), default=None)


@read_only
@last_modified(last_change)
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page with its last change and its picture (sitemaps.org, with Google's image extension).

    Where there are several parts, list their addresses; each lists its pages.
    """
    every, number = parts(request), request.GET.get("part")
    if every.num_pages > 1 and not number:
        context: dict[str, Any] = {"parts": every.page_range, "address": absolute(reverse("sitemap"))}
    else:
        context = {"pages": entries(request, every.get_page(number))}
    return render(request, "clinic/sitemap.xml", context, content_type="application/xml")


@read_only
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116, which wants an end less than a year ahead)."""
    context = {
        "clinic": ClinicDetails.for_request(request),
        "form": absolute(reverse(settings.ENQUIRY_VIEW)),
        "address": absolute(reverse("security")),
        "expires": timezone.now() + timedelta(days=180),
    }
    return render(request, "clinic/security.txt", context, content_type=PLAIN_TEXT)


@read_only
def llms(request: HttpRequest) -> HttpResponse:
    """List the first pages with a sentence on each, for language models (llmstxt.org)."""
    first = parts(request).get_page(1)
    home, *pages = entries(request, first)
    context = {
        "clinic": ClinicDetails.for_request(request),
        "home": home,
        "pages": pages,
        "form": absolute(reverse(settings.ENQUIRY_VIEW)),
        "sitemap": absolute(reverse("sitemap")) if first.has_next() else "",
    }
    return render(request, "clinic/llms.txt", context, content_type=PLAIN_TEXT)
