import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from services.lib.risk import Risk


def risk(percent: str) -> Risk:
    return Risk(name="bruising", total=7629, unit="treatments", count=None, percent=Decimal(percent), is_major=False)


def dots_drawn(path: str) -> int:
    """Count the dots a path draws: each stretch is one dot and one more for each unit of its length."""
    lengths = [stretch.split("h")[1] for stretch in path.split("M")[1:]]
    return sum(int(Decimal(length)) + 1 for length in lengths)


@pytest.mark.parametrize(
    ("percent", "words", "marked", "total"),
    [
        ("7.55", "about 8 in 100", 8, 100),
        ("36.7", "about 37 in 100", 37, 100),
        ("100", "about 100 in 100", 100, 100),
        ("1", "about 1 in 100", 1, 100),
        ("0.88", "about 9 in 1,000", 9, 1000),
        ("0.01", "about 1 in 10,000", 1, 1000),
        ("0", "none in 7,629 treatments", 0, 1000),
    ],
)
def test_sentence_and_picture_of_one_record_agree(percent: str, words: str, marked: int, total: int) -> None:
    event = risk(percent)
    assert event.frequency == words
    assert dots_drawn(event.marked_path) == marked
    drawn = render_to_string("services/components/risk_list.html", {"risks": [event]})
    assert [dots_drawn(path) for path in re.findall(r'<path d="(.*?)"', drawn)] == [total] * event.is_drawn


def test_a_picture_shows_nothing_as_twice_as_often_as_it_was() -> None:
    drawn = {percent: risk(percent).is_drawn for percent in ("7.55", "0.098", "0.051", "0.05", "0.01", "0")}
    assert drawn == {"7.55": True, "0.098": True, "0.051": True, "0.05": False, "0.01": False, "0": True}
