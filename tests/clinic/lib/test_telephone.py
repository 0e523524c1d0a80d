"""Phone numbers are compared by their digits, normalised and dialled."""

import pytest

from clinic.lib.telephone import digits_of, is_odd, normalised, phone_address, phone_links
from clinic.models.details import DEFAULT_EMERGENCY_WORDING


def test_every_number_of_the_emergency_wording_can_be_dialled() -> None:
    html = phone_links(DEFAULT_EMERGENCY_WORDING)
    for address in ("tel:911", "tel:811", "tel:+18676675555"):
        assert f'href="{address}"' in html


def test_what_is_no_telephone_number_is_left_alone_and_words_around_one_are_escaped() -> None:
    for words in ("Room 1911", "page 911-2", "fees from $95", "12345", "H2911"):
        assert phone_links(words) == words
    html = phone_links("<b>call</b> 811")
    assert html.startswith('&lt;b&gt;call&lt;/b&gt;\N{NO-BREAK SPACE}<a class="phone" href="tel:811"')


@pytest.mark.parametrize("typed", ["867-555-0142", "cell: (867) 555 0142 ext. 3", "8675550142p3", "+1 867.555.0142"])
def test_one_number_has_the_same_digits_however_it_is_typed(typed: str) -> None:
    assert digits_of(typed) == "8675550142"
    assert phone_address(typed) == "tel:+18675550142"


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("1 867 555 0142 ext. 3", "+18675550142"),
        ("555-0142", "+18675550142"),
        ("604 555 0142", "+16045550142"),
        ("٨٦٧ ٥٥٥ ٠١٤٢", "+18675550142"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("(+47) 12 34 56 78", "+4712345678"),
        ("011 8816 234 56789", "+881623456789"),
        ("88216 234 56789", "+8821623456789"),
        # The digits that lead out of a country, further on in a number that stays in it.
        ("867-555-0111", "+18675550111"),
        ("(867) 633-7001", "+18676337001"),
        ("667-5005", "+18676675005"),
    ],
)
def test_a_number_is_made_one_that_can_be_dialled(typed: str, dialled: str) -> None:
    assert normalised(typed) == dialled
    assert not is_odd(typed)


@pytest.mark.parametrize(
    "typed",
    ["0000000", "1234567", "867-055-0142", "867-911-0142", "911-555-0142", "12345678", "867-555-01422", "+1 555 0142",
     "+0 12345678", "+12", "9" * 40],
)  # fmt: skip
def test_nonsense_stays_empty_and_is_odd_and_no_number_is_not(typed: str) -> None:
    assert normalised(typed) == normalised("") == ""
    assert is_odd(typed)
    assert not is_odd(" ")
