import re
from base64 import b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from clinic.frontend.middleware import HEADER
from tests import factories
from tests.contact.factories import answers
from tests.markup import Markup

pytestmark = pytest.mark.django_db
Response = Any

ADDRESSES_WITHOUT_A_PAGE = ["/search/", "/search/?q=needling", "/search/?q=xylophone", "/enquiry/", "/nothing-here/"]
FILES = ["/robots.txt", "/sitemap.xml", "/llms.txt", "/.well-known/security.txt"]
NO_PAGES = [*FILES, "/healthz", "/media/images/nothing.jpg", "/documents/1/nothing.pdf"]


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


def where(response: Response) -> str:
    return str(response.request["PATH_INFO"])


def policy_of(response: Response) -> dict[str, list[str]]:
    """Return the header's sources by directive."""
    parts = (part.split() for part in response[HEADER].split(";"))
    return {directive: sources for directive, *sources in parts}


def test_no_public_page_gives_a_visitor_a_cookie_or_differs_by_one(visited: list[Response]) -> None:
    assert [where(response) for response in visited if response.cookies] == []
    assert [where(response) for response in visited if "cookie" in response.get("Vary", "").lower()] == []


def test_every_public_address_carries_the_strict_policy(visited: list[Response]) -> None:
    others = [Client().get(address) for address in (*NO_PAGES, "/administration/", "/admin")]
    for response in (*visited, *others):
        assert_strict(response)
    assert [where(response) for response in others if response.cookies] == []


def assert_strict(response: Response) -> None:
    policy = policy_of(response)
    assert policy["default-src"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["frame-ancestors"] == policy["form-action"] == ["'self'"]
    own, sheet = policy["style-src"]
    assert own == "'self'"
    assert sheet.startswith("'sha256-")
    assert "unsafe" not in response[HEADER]
    assert "http" not in response[HEADER]


def test_the_one_sheet_in_each_page_is_the_one_the_policy_allows(visited: list[Response]) -> None:
    for response in visited:
        if response.status_code not in {302, 303}:
            (sheet,) = re.findall(r"<style[^>]*>(.*?)</style>", response.text, re.DOTALL)
            digest = b64encode(sha256(sheet.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy_of(response)["style-src"], where(response)


def assert_nothing_inline(response: Response, page: Markup, *names: str) -> None:
    for tag, attributes in page.elements:
        at = f"<{tag}> in {where(response)}"
        assert not [name for name in attributes if name.startswith("on") or name in names], at
        assert not attributes.get("href", "").startswith("javascript:"), at
        assert tag != "script" or attributes.get("src") or attributes["type"].endswith("json"), at


def test_public_pages_have_nothing_inline_or_from_elsewhere_and_send_no_form_there(visited: list[Response]) -> None:
    loaded, targets = set(), set()
    for response in visited:
        page = Markup(response.text)
        assert_nothing_inline(response, page, "style")
        loaded |= {*page.loaded()}
        targets |= {*page.attributes("form", "action")}
    assert loaded
    assert {urlsplit(source)[:2] for source in loaded} <= {("", ""), ("http", "testserver")}
    assert "/enquiry/" in targets
    assert [target for target in targets if urlsplit(target).netloc] == []


def test_other_headers_keep_the_site_to_itself(visited: list[Response]) -> None:
    same_origin = ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")
    for response in [*visited, *map(Client().get, ["/admin/login/", "/django-admin/", *NO_PAGES])]:
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert {response[header] for header in same_origin} == {"same-origin"}
        assert "camera=()" in response["Permissions-Policy"]


def test_wagtails_admin_has_a_policy_it_can_work_with(admin_client: Client) -> None:
    for address in ("/admin/", "/admin/login/", "/admin/pages/"):
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
    assert_nothing_inline(response, Markup(response.text))


def test_the_editors_bar_is_drawn_for_editors_alone_and_within_the_policy(client: Client) -> None:
    address = factories.make_standard("Page with a bar").url
    assert "wagtail-userbar" not in client.get(address).text
    client.force_login(factories.make_person("Managers"))
    response = client.get(address)
    assert "wagtail-userbar" in response.text
    assert_strict(response)
    assert_nothing_inline(response, Markup(response.text), "style")


def test_methods_that_nothing_uses_are_not_allowed_nor_a_post_to_what_can_only_be_read() -> None:
    visitor = Client(enforce_csrf_checks=True)
    for address in ("/", "/landing/", "/search/", "/enquiry/", "/enquiry/privacy/", "/admin/", *NO_PAGES):
        takes_forms = address in {"/enquiry/", "/admin/"}
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", *(() if takes_forms else ("POST",))):
            response = visitor.generic(method, address)
            assert response.status_code == 405, (method, address)
            assert "GET" in response["Allow"]
            assert ("POST" in response["Allow"]) is takes_forms
