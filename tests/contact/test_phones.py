"""Phone numbers are kept as typed; beside them stands what is dialled."""

import pytest

from clinic.lib.phone_numbers import is_odd, normalised


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("867-555-0142", "+18675550142"),
        ("(867) 555 0142", "+18675550142"),
        ("867.555.0142 ext. 3", "+18675550142"),
        ("1 867 555 0142", "+18675550142"),
        ("+1 (867) 555-0142", "+18675550142"),
        ("+1867-555-0142 x12", "+18675550142"),
        ("555-0142", "+18675550142"),
        ("604 555 0142", "+16045550142"),
        ("٨٦٧ ٥٥٥ ٠١٤٢", "+18675550142"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("0049 30 1234567", "+49301234567"),
        ("(+47) 12 34 56 78", "+4712345678"),
        ("+8816 234 56789", "+881623456789"),
        ("8816 2345 6789", "+881623456789"),
        ("011 8816 234 56789", "+881623456789"),
        ("88216 234 56789", "+8821623456789"),
        # The digits that lead out of a country, further on in a number that stays in it.
        ("867-555-0111", "+18675550111"),
        ("867-301-1234", "+18673011234"),
        ("780-401-1555", "+17804011555"),
        ("867-667-5005", "+18676675005"),
        ("(867) 633-7001", "+18676337001"),
        ("403 700 1234", "+14037001234"),
        ("+1 867 555 0112", "+18675550112"),
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
def test_nonsense_stays_empty_and_is_odd(typed: str) -> None:
    assert normalised(typed) == ""
    assert is_odd(typed)


def test_no_number_is_not_an_odd_one() -> None:
    assert normalised("") == ""
    assert not is_odd(" ")
