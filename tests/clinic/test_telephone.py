"""Telephone numbers in typed words become links that dial them."""

import pytest

from clinic.models.details import DEFAULT_EMERGENCY_WORDING
from clinic.telephone import phone_address, phone_links, whole_numbers


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("867-555-0142", "tel:+18675550142"),
        ("(867) 667-5555", "tel:+18676675555"),
        ("+1 867 555 0142", "tel:+18675550142"),
        ("911", "tel:911"),
    ],
)
def test_a_number_as_typed_has_an_address_that_dials_it(typed: str, address: str) -> None:
    assert phone_address(typed) == address


def test_every_number_of_the_emergency_wording_can_be_dialled() -> None:
    html = phone_links(DEFAULT_EMERGENCY_WORDING)
    for address in ("tel:911", "tel:811", "tel:+18676675555"):
        assert f'href="{address}"' in html


@pytest.mark.parametrize("words", ["Room 1911", "page 911-2", "fees from $95", "12345", "H2911"])
def test_what_is_no_telephone_number_is_left_alone(words: str) -> None:
    assert phone_links(words) == words


def test_words_around_a_number_are_escaped() -> None:
    assert phone_links("<b>call</b> 811").startswith("&lt;b&gt;call&lt;/b&gt;\N{NO-BREAK SPACE}<a ")


def test_an_example_of_a_number_is_kept_in_one_line_and_is_nothing_to_dial() -> None:
    html = whole_numbers("For example 867-555-0123, <not> 12345.")
    assert html == 'For example <span class="whole">867-555-0123</span>, &lt;not&gt; 12345.'
