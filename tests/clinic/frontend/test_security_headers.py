"""Only the clinic sees who visits: no cookies, nothing loaded from elsewhere, nothing inline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.test import Client

from clinic.frontend.middleware import HEADER
from clinic.frontend.stylesheet import Stylesheet
from tests import factories
from tests.contact.factories import answers
from tests.markup import Markup

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

ADDRESSES_WITHOUT_A_PAGE = [
    "/search/",
    "/search/?q=needling",
    "/search/?q=xylophone",
    "/enquiry/",
    "/nothing-here/",
    "/services/nothing-here/",
]
NO_PAGES = [
    "/robots.txt",
    "/sitemap.xml",
    "/llms.txt",
    "/.well-known/security.txt",
    "/healthz",
    "/media/images/nothing.jpg",
    "/documents/1/nothing.pdf",
]


@pytest.fixture(scope="module")
def visited(rolled_back_after_the_module: None) -> list[Response]:
    """What a visitor gets who goes everywhere: every type of page, errors, and each way through the form."""
    visitor = Client()
    visited = [visitor.get(address) for address in [*factories.make_clinic(), *ADDRESSES_WITHOUT_A_PAGE]]
    visited.append(visitor.post("/enquiry/", answers(name="")))
    visited.append(visitor.post("/enquiry/", answers(), headers={"sec-fetch-site": "cross-site"}))
    sent = visitor.post("/enquiry/", answers(), headers={"sec-fetch-site": "same-origin"})
    assert sent.status_code == 303
    visited += [sent, visitor.get(sent["Location"]), visitor.get("/enquiry/sent/forged/")]
    assert not visitor.cookies
    return visited


@pytest.fixture(scope="module")
def pages(visited: list[Response]) -> list[tuple[str, Markup]]:
    """The visited pages by their addresses, without the redirect to the receipt."""
    return [(where(response), Markup(response.text)) for response in visited if response.status_code != 303]


def where(response: Response) -> str:
    return str(response.request["PATH_INFO"])


def policy_of(response: Response) -> dict[str, list[str]]:
    """Return the header's sources by directive."""
    parts = (part.split() for part in response[HEADER].split(";"))
    return {directive: sources for directive, *sources in parts}


def test_no_public_page_gives_a_visitor_a_cookie(visited: list[Response]) -> None:
    assert len(visited) > len(ADDRESSES_WITHOUT_A_PAGE)
    assert [where(response) for response in visited if response.cookies] == []


def test_no_public_page_differs_by_cookie(visited: list[Response]) -> None:
    assert [where(response) for response in visited if "cookie" in response.get("Vary", "").lower()] == []


def test_every_public_page_carries_the_strict_policy(visited: list[Response]) -> None:
    for response in visited:
        assert_strict(response)
    # Only the sheet's hash differs: a page carries the rules it needs.
    assert len({re.sub("'sha256-[^']+'", "", response[HEADER]) for response in visited}) == 1


@pytest.mark.parametrize("address", [*NO_PAGES, "/administration/", "/admin"])
def test_every_other_public_address_carries_it_too_and_gives_no_cookie(client: Client, address: str) -> None:
    assert_strict(client.get(address))
    assert not client.cookies


def assert_strict(response: Response) -> None:
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    own, sheet = policy["style-src"]
    assert own == "'self'"
    assert sheet.startswith("'sha256-")
    assert policy["frame-ancestors"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert "unsafe" not in response[HEADER]
    assert "http" not in response[HEADER]


def test_the_one_sheet_in_each_page_is_the_one_the_policy_allows(visited: list[Response]) -> None:
    for response in visited:
        if response.status_code not in {302, 303}:
            (sheet,) = re.findall(r"<style[^>]*>(.*?)</style>", response.text, re.DOTALL)
            assert Stylesheet(sheet).csp_source in policy_of(response)["style-src"], where(response)


def test_no_public_page_has_inline_styles_or_scripts(pages: list[tuple[str, Markup]]) -> None:
    for address, page in pages:
        for tag, attributes in page.elements:
            assert "style" not in attributes, f"<{tag}> in {address}"
            assert not [name for name in attributes if name.startswith("on")], f"<{tag}> in {address}"
            assert not attributes.get("href", "").startswith("javascript:"), f"<{tag}> in {address}"
            if tag == "script":
                assert attributes.get("src") or attributes.get("type") == "application/ld+json", address


def test_no_public_page_loads_anything_from_elsewhere(pages: list[tuple[str, Markup]]) -> None:
    loaded = {source for _address, page in pages for source in page.loaded()}
    assert loaded
    assert [source for source in loaded if urlsplit(source).netloc not in {"", "testserver"}] == []
    assert [source for source in loaded if urlsplit(source).scheme not in {"", "http"}] == []


def test_every_form_of_the_site_is_sent_to_the_site(pages: list[tuple[str, Markup]]) -> None:
    targets = {target for _address, page in pages for target in page.attributes("form", "action")}
    assert "/enquiry/" in targets
    assert [target for target in targets if urlsplit(target).netloc] == []


def test_other_headers_keep_the_site_to_itself(visited: list[Response]) -> None:
    for response in [*visited, *map(Client().get, ["/admin/login/", "/django-admin/", *NO_PAGES])]:
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/pages/"])
def test_wagtails_admin_has_a_policy_it_can_work_with(admin_client: Client, address: str) -> None:
    policy = policy_of(admin_client.get(address))
    assert "'unsafe-inline'" in policy["script-src"]
    assert "blob:" in policy["img-src"]
    assert policy["frame-src"] == ["'self'"]
    assert policy["default-src"] == ["'none'"]


@pytest.mark.parametrize("address", ["/django-admin/", "/django-admin/contact/enquiry/", "/django-admin/login/"])
def test_the_desk_has_the_strict_policy_and_keeps_it(admin_client: Client, client: Client, address: str) -> None:
    response = (client if "login" in address else admin_client).get(address)
    assert "'unsafe-inline'" not in response[HEADER]
    assert policy_of(response)["script-src"] == ["'self'"]
    for tag, attributes in Markup(response.text).elements:
        assert tag != "script" or attributes.get("src") or attributes.get("type") == "application/json"
        assert not [name for name in attributes if name.startswith("on")]


def test_the_editors_bar_is_drawn_for_editors_alone_and_within_the_policy(client: Client) -> None:
    address = factories.make_standard("Page with a bar").url
    assert "wagtail-userbar" not in client.get(address).text
    client.force_login(factories.make_person("Managers"))
    response = client.get(address)
    assert "wagtail-userbar" in response.text
    assert_strict(response)
    for tag, attributes in Markup(response.text).elements:
        assert "style" not in attributes
        assert tag != "script" or attributes.get("src") or attributes.get("type", "").endswith("json"), attributes


@pytest.mark.parametrize("address", ["/", "/enquiry/", "/admin/", "/admin/login/", *NO_PAGES])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_methods_that_nothing_uses_are_not_allowed(address: str, method: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, address)
    assert response.status_code == 405
    assert ("POST" in response["Allow"]) is (address.startswith("/admin/") or address == "/enquiry/")


@pytest.mark.parametrize("address", ["/", "/landing/", "/search/", "/enquiry/privacy/", *NO_PAGES])
def test_a_post_to_what_can_only_be_read_is_not_allowed(address: str) -> None:
    response = Client(enforce_csrf_checks=True).post(address)
    assert response.status_code == 405
    assert "GET" in response["Allow"]
