"""Refuses passwords that are long only because of repetition, sequences or words that anyone would try here."""

import re

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from clinic.settings.environment import unpredictable_pairs

FEWEST_PAIRS = 6
COMMON = """
    admin clinic demo fireweed hello letmein login manager monkey p[a@4][s$5][s$5]w[o0]rd physiotherapy physio reception
    secret welcome whitehorse yukon
"""


class EasyPasswordValidator(CommonPasswordValidator):
    def validate(self, password: str, _user: User | None = None) -> None:
        # Digits and signs around a common password, or the same again, make it no harder to guess.
        letters = re.sub(r"^(.+?)\1+$", r"\1", re.sub(r"[\W\d_]", "", password.casefold()))
        is_common = not self.passwords.isdisjoint([letters, password.casefold().strip()])
        words = "|".join([*COMMON.split(), *map(re.escape, settings.WAGTAIL_SITE_NAME.casefold().split())])
        # A year does not make a word harder to guess.
        rest = re.sub(rf"{words}|(?:19|20)\d\d", " ", password.casefold())
        if is_common or unpredictable_pairs(rest) < FEWEST_PAIRS:
            raise ValidationError(self.get_help_text(), code="password_easy_to_guess")

    def get_help_text(self) -> str:
        return (
            "Your password can’t be mostly one character, a pattern like “abc123abc123”, a row of keys, or words such "
            "as “password” and the clinic’s name. Three or four words that have nothing to do with each other are good."
        )
