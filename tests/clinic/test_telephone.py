"""Telephone numbers in typed words become links that dial them."""

import re

import pytest

from clinic.lib.telephone import Call, calls, phone_address, phone_links, whole_numbers
from clinic.models.details import DEFAULT_EMERGENCY_WORDING


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


def test_the_emergency_wording_is_a_row_for_each_number_without_stops_beside_them() -> None:
    assert calls(
        "Call 911 and say where you are; from a ship, call (867) 667-5555. For advice, day or night, call 811."
    ) == (
        Call("Call", "911", "and say where you are"),
        Call("From a ship, call", "(867) 667-5555"),
        Call("For advice, day or night, call", "811"),
    )
    assert calls("Emergency: 911. Say where you are. Nurse: 811") == (
        Call("Emergency:", "911", "Say where you are."),
        Call("Nurse:", "811"),
    )
    assert [call.number for call in calls(DEFAULT_EMERGENCY_WORDING)] == ["911", "(867) 667-5555", "811"]


@pytest.mark.parametrize(
    "words",
    [
        DEFAULT_EMERGENCY_WORDING,
        "Go to the hospital.",
        "Do not wait! Call 911, or (867) 667-5555 from a satellite phone; at night e.g. 811 (or 911).\nThen rest.",
        "911 or 811",
        "Call your nurse.  Then: 911;;; 811 ... ",
        "",
    ],
)
def test_whatever_an_editor_writes_reads_whole_in_its_rows(words: str) -> None:
    def letters(text: str) -> str:
        return re.sub(r"\W", "", text).lower()

    rows = calls(words)
    assert letters("".join(row.before + row.number + row.after for row in rows)) == letters(words)
    assert len({row.number for row in rows}) == len(rows)
