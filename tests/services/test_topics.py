"""What a treatment or a condition is called in the middle of a sentence."""

import pytest

from services.models import ConditionPage, ServicePage
from services.topics import in_a_sentence


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Manual therapy", "manual therapy"),
        ("IMS and dry needling", "IMS and dry needling"),
        ("TMJ pain", "TMJ pain"),
        ("X-ray results", "X-ray results"),
        ("Bell’s palsy", "Bell’s palsy"),
        ("Épicondylite", "épicondylite"),
        ("", ""),
    ],
)
def test_a_title_begins_small_unless_its_first_word_is_a_name_or_an_abbreviation(title: str, words: str) -> None:
    assert in_a_sentence(title) == words


def test_treatments_and_conditions_are_asked_about_in_a_sentence() -> None:
    assert ServicePage(title="Manual therapy").ask_words == "Ask about manual therapy"
    assert ServicePage(title="Needling", short_name="Gunn IMS").ask_words == "Ask about Gunn IMS"
    assert ConditionPage(title="Neck and back pain").ask_words == "Ask about neck and back pain"
