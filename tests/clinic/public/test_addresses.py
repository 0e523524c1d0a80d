"""What is found at an address."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings
from wagtail.models import Page

from clinic.models import ClinicDetails, HomePage
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


def test_a_page_is_found_at_any_depth(client: Client, home: HomePage) -> None:
    page = factories.make_standard("One")
    for title in ("Two", "Three", "Four"):
        page = factories.make_standard(title, parent=page)
    response = client.get("/one/two/three/four/")
    assert response.status_code == 200
    assert Markup(response.content.decode()).texts("h1") == ["Four"]


@pytest.mark.parametrize("address", ["/about-us", "/about-us//"])
def test_an_address_with_another_last_slash_leads_to_the_page(client: Client, home: HomePage, address: str) -> None:
    factories.make_standard()
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == "/about-us/"


@pytest.mark.parametrize("address", ["/nothing/", "/about-us/no/", "/about%00/", "/%F0%9F%98%80/", "/a" * 400 + "/"])
def test_an_address_without_a_page_is_not_found(client: Client, details: ClinicDetails, address: str) -> None:
    factories.make_standard()
    assert client.get(address).status_code == 404


def test_drafts_are_not_found_and_neither_is_what_was_unpublished(client: Client, home: HomePage) -> None:
    factories.make_standard("Draft", live=False)
    page = factories.make_standard("Page")
    factories.make_standard("Below", parent=page)
    assert client.get("/draft/").status_code == 404
    Page.objects.get(pk=page.pk).unpublish()
    assert client.get("/page/").status_code == 404
    assert client.get("/page/below/").status_code == 200  # it is published by itself


def test_a_moved_page_is_found_at_its_new_address_and_still_by_its_old_one(client: Client, home: HomePage) -> None:
    page, other = factories.make_standard("Page"), factories.make_standard("Other")
    factories.make_standard("Child", parent=page)
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=other.pk), "last-child")
    assert client.get("/other/page/child/").status_code == 200
    assert client.get("/page/child/")["Location"] == "/other/page/child/"


def test_robots_txt_names_what_is_no_page_and_the_sitemap(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://clinic.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert {"Disallow: /admin/", "Disallow: /django-admin/", "Disallow: /search/?"} < set(lines)
    assert "Sitemap: https://clinic.example/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def test_browsers_find_the_clinics_icon_where_they_look_first(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert not response.cookies
    assert Image.open(BytesIO(response.getvalue())).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_the_process_is_healthy_whatever_the_database_does(client: Client, database_gone: None) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content.decode() == "ok"
    assert response["Cache-Control"] == "no-store"
