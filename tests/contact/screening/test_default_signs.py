"""A new database begins with the built-in warning signs."""

import pytest

from contact.models import RedFlag
from contact.screening.default_signs import DEFAULT_WARNING_SIGNS

pytestmark = pytest.mark.django_db


def test_a_new_site_has_each_built_in_phrase_once() -> None:
    signs = {sign.name: tuple(sign.phrases) for sign in RedFlag.objects.all()}
    assert signs == DEFAULT_WARNING_SIGNS
    assert all(len(set(phrases)) == len(phrases) for phrases in signs.values())
