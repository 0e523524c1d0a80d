"""References, and waiting times in words."""

from datetime import timedelta

import pytest

from contact.models.enquiry import REFERENCE_ALPHABET, as_reference, new_reference
from contact.workflow.waiting import in_words


def test_a_reference_has_no_characters_that_look_or_sound_alike() -> None:
    assert not set(REFERENCE_ALPHABET) & set("0O1IL2Z5S8BUV")
    reference = new_reference()
    assert len(reference) == 7
    assert reference[2] == "-"
    assert set(reference) <= {*REFERENCE_ALPHABET, "-"}


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        *((typed, "K7-3F9Q") for typed in ("K7-3F9Q", "k73f9q", " k7 3f9q ", "K7–3F9Q")),
        *((typed, None) for typed in ("", "Sam", "K7-3F9", "K0-3F9Q", "867 555 0142")),
    ],
)
def test_a_reference_is_understood_however_it_is_typed(typed: str, reference: str | None) -> None:
    assert as_reference(typed) == reference


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=4, minutes=59), "3 days 4 h"),
    ],
)
def test_waiting_times_read_in_two_units(time: timedelta, words: str) -> None:
    assert in_words(time) == words
