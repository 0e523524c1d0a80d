"""Wagtail's words in its admin, where the clinic has others (`clinic/locale`)."""

import re
from pathlib import Path

import pytest
import wagtail
from django.utils.translation import gettext

import clinic

CATALOGUE = Path(clinic.__file__).parent / "locale/en_CA/LC_MESSAGES/django.po"
WORDS = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE)


def joined(catalogue: Path) -> str:
    return catalogue.read_text("utf-8").replace('"\n"', "")


@pytest.mark.parametrize(("wagtails", "ours"), WORDS)
def test_the_clinics_words_take_the_place_of_words_that_wagtail_still_has(wagtails: str, ours: str) -> None:
    assert gettext(wagtails) == ours, "run msgfmt: see the first lines of django.po"
    folder = Path(wagtail.__file__).parent
    assert any(f'msgid "{wagtails}"' in joined(one) for one in folder.glob("**/locale/en/LC_MESSAGES/django.po"))
