import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from wagtail.models import Page

from clinic.models import ClinicDetails, HomePage, StandardPage
from clinic.seo.meta import LONGEST_DESCRIPTION, LONGEST_TITLE, description, title
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db

CLINIC = "Fireweed Physiotherapy"


def meta_of(page: Page) -> dict[str, str]:
    """Return the page's meta elements by name or property, its title, and its canonical address."""
    markup = Markup(Client().get(page.url).text)
    return markup.metas() | {"title": markup.texts("title")[0], "canonical": markup.links("canonical")[0]}


def test_a_title_has_the_clinics_name_once_where_there_is_room() -> None:
    own = "Concussion and vestibular care after a fall or a crash"
    assert len(f"{own} – {CLINIC}") > LONGEST_TITLE
    assert title(own, CLINIC) == own
    assert title("Contact Fireweed Physiotherapy", CLINIC) == "Contact Fireweed Physiotherapy"
    assert title("", CLINIC) == CLINIC


def test_an_editors_own_title_and_description_are_used_and_the_public_address(
    details: ClinicDetails, settings: Settings
) -> None:
    settings.SITE_URL = "https://fireweed.example.org"
    words = {"seo_title": "Who we are", "search_description": "Four people.", "share_title": "Meet us"}
    meta = meta_of(factories.make_standard(introduction="Hello.", **words))
    assert meta["og:title"] == "Meet us"
    assert meta["title"] == "Who we are – Fireweed Physiotherapy"
    assert meta["description"] == meta["og:description"] == "Four people."
    assert meta["canonical"] == meta["og:url"] == "https://fireweed.example.org/about-us/"


def test_the_description_falls_back_to_the_introduction_and_the_title_and_ends_with_a_word() -> None:
    assert description(StandardPage(title="About", introduction="Who we are."), CLINIC) == "Who we are."
    assert description(StandardPage(title="About"), CLINIC) == "About: Fireweed Physiotherapy"
    words = description(StandardPage(title="About", introduction="The needle\nis thin. " * 14), CLINIC)
    assert len(words) <= LONGEST_DESCRIPTION
    assert re.fullmatch(r"(The needle is thin\. )+((The )?(needle )?(is )?)…", words)


def test_the_home_page_is_called_as_the_clinic_and_names_its_colours(details: ClinicDetails, home: HomePage) -> None:
    meta = meta_of(home)
    assert (meta["title"], meta["og:title"], meta["og:locale"]) == (CLINIC, home.headline, "en_CA")
    tokens = Path("clinic/static/clinic/css/tokens.css").read_text()
    html = Client().get("/").text
    assert re.findall(r'"theme-color" content="(.*?)"', html) == re.findall(r"--page: (#\w+)", tokens)[:2]
    assert "/static/clinic/img/apple-touch-icon.png" in html
