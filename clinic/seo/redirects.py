"""Old addresses: where the pages of an earlier site are now.

The table is Wagtail's own (“Redirects” in its admin). This finds an old address in whatever case and with or without
its last slash, and never sends anybody round in a circle.
"""

from __future__ import annotations

import csv
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_STEPS = 10
LONGEST = 255  # as many signs as the table's columns hold
# Browsers keep a permanent redirect for good unless told otherwise; a mistake in the table should be gone in an hour.
CACHE_CONTROL = "public, max-age=3600"


class OldAddressMiddleware:
    """Answers an address that leads to no page with the way to where that page is now, when the table knows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or "\0" in request.path:
            return response
        try:
            site = Site.find_for_request(request)
            found = new_address(request.get_full_path(), site) if site else None
        except DatabaseError:
            return response  # a plain “not found” needs no database; keep it so
        if found is None:
            return response
        address, is_permanent = found
        answer = (HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect)(address)
        answer["Cache-Control"] = CACHE_CONTROL
        return answer


def new_address(old: str, site: Site) -> tuple[str, bool] | None:
    """Return where an address that answers nothing has moved, and whether for good; None when nobody knows."""
    redirect = find(old, site)
    if redirect is not None:
        address = address_of(redirect)
        return (address, redirect.is_permanent) if address and arrives(old, address, site) else None
    path = urlsplit(old).path
    page = page_at(path.lower(), site) if path != path.lower() else None
    return (page.url, True) if page else None


def find(old: str, site: Site) -> Redirect | None:
    """Return the table's row for this address, in whatever case either is written: best with its query, then without.

    SQLite knows small letters of a to z alone: there a row written `/ÉQUIPE/` is found as it stands.
    """
    whole = Redirect.normalise_path(old, decode_unicode=False)
    spellings = [whole, whole.split("?")[0]]
    spellings += [uri_to_iri(spelling) for spelling in spellings]
    small = [spelling.lower() for spelling in spellings]
    rows = Redirect.get_for_site(site).alias(small=Lower("old_path")).select_related("redirect_page")
    found = rows.filter(Q(old_path__in=spellings) | Q(small__in=small))

    def rank(row: Redirect) -> tuple[int, bool, bool]:
        return small.index(row.old_path.lower()), row.old_path not in spellings, row.site_id is None

    return min(found, key=rank, default=None)


def address_of(redirect: Redirect) -> str | None:
    """Return where a row leads; None when its page is not published."""
    if redirect.redirect_page and not redirect.redirect_page.live:
        return None
    return str(redirect.link) if redirect.link else None


def arrives(old: str, address: str, site: Site) -> bool:
    """Say whether following the table from here ends somewhere, rather than going round."""
    been = {Redirect.normalise_path(old).lower()}
    for _step in range(MOST_STEPS):
        here = local(address)
        if here is None or page_at(urlsplit(here).path, site):
            return True
        if Redirect.normalise_path(here).lower() in been:
            return False
        been.add(Redirect.normalise_path(here).lower())
        redirect = find(here, site)
        if redirect is None:
            return True
        address = address_of(redirect) or ""
    return False


def local(address: str) -> str | None:
    """Return an address of this site as a path; None for one that is elsewhere."""
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return None
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def page_at(path: str, site: Site) -> Page | None:
    """Return the published page with this address, with or without its last slash."""
    url_path = f"{site.root_page.url_path.rstrip('/')}/{path.strip('/')}".rstrip("/") + "/"
    return Page.objects.live().filter(url_path=url_path).first()


def read_table(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Return line number, old and new address of each row of a CSV file, with commas or semicolons between.

    Raises `ValueError` with a sentence when the first line does not name the columns: it would be lost without a word.
    """
    lines = iter(lines)
    first = next(lines, "")
    between = ";" if ";" in first else ","
    if [name.strip(' "').lower() for name in first.strip().split(between)][:2] != ["old", "new"]:
        raise ValueError("The first line has to name the columns: old,new.")
    rows = csv.reader(lines, delimiter=between)
    for row in rows:
        old, new, *_others = [*(cell.strip() for cell in row), "", ""]
        if (old or new) and not old.startswith("#"):
            yield rows.line_num + 1, old, new


def made_from(old: str, new: str, site: Site) -> Redirect:
    """Return the row for the table, not saved: to a page where there is one, so that it follows when that moves.

    Raises `ValueError` with a sentence when the row could never work.
    """
    if not f"{old}{new}".isprintable():
        raise ValueError("There are signs in it that no address has.")
    if len(old) > LONGEST or len(new) > LONGEST:
        raise ValueError(f"An address may have {LONGEST} signs.")
    old_path = Redirect.normalise_path(path_of(old)).lower()
    if not old or old_path == "/" or old_path.startswith("/?"):
        raise ValueError("The home page answers this address, so that it cannot be redirected.")
    if page_at(urlsplit(old_path).path, site):
        raise ValueError(f"A page of this site stands at {old_path}.")
    here = local(new)
    if here is None:
        return Redirect(old_path=old_path, redirect_link=new)
    page = page_at(urlsplit(here).path, site) if new else None
    if page is not None:
        return Redirect(old_path=old_path, redirect_page=page)
    if not is_view(here):
        raise ValueError(f"There is no page at {new or '(nothing)'}.")
    # Without the host: the table may be read into a site that is tried at another address.
    return Redirect(old_path=old_path, redirect_link=here)


def path_of(address: str) -> str:
    """Return path and query of an address that may still name the old site's host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_view(path: str) -> bool:
    """Say whether something other than a page answers there, such as the enquiry form."""
    try:
        return resolve(urlsplit(path).path).view_name != "wagtail_serve"
    except Resolver404:
        return False
