"""Health card numbers and dates of birth are hidden; what the clinic needs to reply is not."""

import re
import tomllib
from pathlib import Path

import pytest

from contact.screening.masking import MaskedType, mask_private_numbers

SENTENCES = {
    what: texts.splitlines()
    for what, texts in tomllib.loads(Path(__file__).with_name("private.toml").read_text("utf-8")).items()
}
LONG = ("9 " * 2000, "health card " * 330, "born is " * 500, "phn :::" * 500, "call (" * 600)


@pytest.mark.parametrize("masked", MaskedType)
@pytest.mark.parametrize("after", ["", "\nSam"])
def test_health_card_numbers_and_dates_of_birth_are_hidden(masked: MaskedType, after: str) -> None:
    for sentence in SENTENCES[masked.name]:
        typed = re.sub("[<>]", "", sentence) + after
        stored = re.sub("<.*>", masked.mask, sentence) + after
        assert mask_private_numbers(typed) == (stored, (masked,))


@pytest.mark.parametrize("typed", ["", *SENTENCES["NEEDED"], *LONG])
def test_what_the_clinic_needs_is_not_hidden(typed: str) -> None:
    assert mask_private_numbers(typed) == (typed, ())


def test_both_are_hidden_once_and_the_phone_number_is_not() -> None:
    text, types = mask_private_numbers("Sam, DOB 12/03/1980, PHN 9698 658 215, phone 867-555-0142")
    assert text == "Sam, DOB [date of birth removed], PHN [health card number removed], phone 867-555-0142"
    assert types == (MaskedType.BIRTH_DATE, MaskedType.HEALTH_NUMBER)
    assert mask_private_numbers(text) == (text, ())
