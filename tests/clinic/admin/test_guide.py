"""The guide under *Help*, the clinic's words in place of Wagtail's (`clinic/locale`), and what is in no menu."""

import re
from pathlib import Path

import pytest
import wagtail
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

import clinic


def test_help_is_the_clinics_own_guide_with_its_pictures(client: Client, physio: User) -> None:
    address = reverse("editors-guide")
    assert client.get(address).status_code == 302
    client.force_login(physio)
    assert address in client.get(reverse("wagtailadmin_home")).text
    guide = client.get(address).text
    assert '<h2 id="change-a-sentence">Change a sentence</h2>' in guide
    assert "<table>" in guide
    pictures = re.findall(r'<img src="([a-z-]+\.jpg)" alt="[^"]+"', guide)
    assert pictures
    for picture in pictures:
        assert client.get(address + picture)["Content-Type"] == "image/jpeg"
    assert not re.findall(r'href="(?!/|https?:|#)[^"]*\.md', guide)
    assert client.get(f"{address}nothing.jpg").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["manager", "physio"])
def test_no_menu_leads_to_an_empty_list(client: Client, role: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(role))
    home = client.get(reverse("wagtailadmin_home")).text
    for name in ("wagtaildocs:index", "wagtailadmin_reports:aging_pages", "wagtailadmin_reports:locked_pages"):
        assert reverse(name) not in home


CATALOGUE = Path(clinic.__file__).parent / "locale/en_CA/LC_MESSAGES/django.po"
WORDS = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE)


def joined(catalogue: Path) -> str:
    return catalogue.read_text("utf-8").replace('"\n"', "")


@pytest.mark.parametrize(("wagtails", "ours"), WORDS)
def test_the_clinics_words_take_the_place_of_words_that_wagtail_still_has(wagtails: str, ours: str) -> None:
    assert gettext(wagtails) == ours, "run msgfmt: see the first lines of django.po"
    folder = Path(wagtail.__file__).parent
    assert any(f'msgid "{wagtails}"' in joined(one) for one in folder.glob("**/locale/en/LC_MESSAGES/django.po"))
