"""Old addresses. Wagtail stores the redirects; here they are found in any letter case and with WordPress's endings."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

WORDPRESS = re.compile(
    r"^/index\.php(?=/)|(/(feed(/rss2?|/rdf|/atom)?|amp|embed|trackback|page/\d+|comment-page-\d+|index\.php))+$",
    re.IGNORECASE,
)
WORDPRESS_ID = re.compile(r"^/\?(p|page_id)=\d+$")  # the home page would answer these


class OldAddressMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path()
        response = None if WORDPRESS_ID.match(address) else self.get_response(request)
        if response is None or response.status_code == HTTPStatus.NOT_FOUND:
            # Without a database this is an error and no 404, by which search engines would forget the address.
            site = Site.find_for_request(request)
            target, is_permanent = new_address(address, site) if site else ("", False)
            # With or without its last slash, which Django adds; at the home page, other parameters do not matter.
            itself = {address.removesuffix("/"), address.partition("?")[0].removesuffix("/")}
            if target and iri_to_uri(target.removeprefix(settings.SITE_URL)).removesuffix("/") not in itself:
                response = (HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect)(target)
                # Browsers may keep a permanent redirect for good; an hour lets a mistake be corrected.
                response["Cache-Control"] = "public, max-age=3600"
        return response or self.get_response(request)


def new_address(address: str, site: Site) -> tuple[str, bool]:
    """Return where to go from an address without a page, and whether for good; empty when nowhere."""
    whole = Redirect.normalise_path(address)
    path = whole.split("?")[0]
    forms = [whole, path, WORDPRESS.sub("", path) or "/"]
    forms += [unquote(form) for form in forms]  # a row may have been entered with a blank
    forms = [] if "\0" in "".join(forms) else [form.lower() for form in forms] + forms
    rows = Redirect.get_for_site(site).alias(lower=Lower("old_path")).select_related("redirect_page")
    found = rows.filter(Q(old_path__in=forms) | Q(lower__in=forms))
    row = min(found, key=lambda row: (forms.index(row.old_path.lower()), row.site_id is None), default=None)
    if row and not row.redirect_page:
        return row.link or "", row.is_permanent
    page = row.redirect_page if row else page_at(site, *forms)
    return (page.url or "" if page and page.live else ""), row is None or row.is_permanent


def page_at(site: Site, *paths: str) -> Page | None:
    """Return the published page at the first of the paths that has one, with or without their last slash."""
    root = site.root_page.url_path.rstrip("/")
    url_paths = [f"{root}/{path.strip('/')}".rstrip("/") + "/" for path in paths]
    pages = Page.objects.live().filter(url_path__in=url_paths)
    return min(pages, key=lambda page: url_paths.index(page.url_path), default=None)
