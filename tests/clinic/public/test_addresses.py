"""What is found at an address."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from clinic.models import ClinicDetails, HomePage
from tests import factories

pytestmark = pytest.mark.django_db


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


def test_robots_txt_names_what_is_no_page_and_the_sitemap(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://clinic.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
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
    assert response.text == "ok"
    assert response["Cache-Control"] == "no-store"
