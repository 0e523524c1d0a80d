import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from wagtail.blocks import StructBlockValidationError

from clinic.models import ClinicDetails
from services.blocks import RiskNumbersBlock, StepsBlock, TreatmentStoryBlock
from tests import factories
from tests.markup import Markup


def event(name: str, *, count: int | None = None, percent: str = "", major: bool = False) -> dict[str, Any]:
    numbers = {"count": count, "percent": Decimal(percent) if percent else None}
    return {"name": name, "seriousness": "major" if major else "minor"} | numbers


def risk_numbers(*events: dict[str, Any], **values: Any) -> str:
    block = RiskNumbersBlock()
    value = {**block.get_preview_value(), "events": list(events), **values}
    return str(block.render(block.normalize(value)))


def test_a_risk_is_a_sentence_a_picture_and_a_row_of_the_table() -> None:
    html = risk_numbers(event("bruising", percent="7.55"))
    drawn = ('<svg class="dots" viewBox="0 0 20 5" aria-hidden="true">', '<p class="risks__key" aria-hidden="true">')
    for words in (*drawn, '<th scope="row">Bruising</th>', "7.55%", "about\N{NO-BREAK SPACE}576"):
        assert words in html
    assert "Major effects" not in html


def test_a_rare_major_event_has_its_own_part_and_says_one_in_so_many() -> None:
    counted = {"treatments": 20480, "unit": "sessions"}
    html = risk_numbers(event("bleeding", percent="16"), event("any major event", count=20, major=True), **counted)
    minor, major = html.split("risks__part--major", 1)
    assert "About 16 in 100" in minor
    assert "About 1 in 1,024" in major
    assert "risk--1000" in major
    assert "dots__halo" in major


def test_rare_and_uncounted_events_are_told_in_words_where_common_ones_are_drawn() -> None:
    common, rare = event("bruising", percent="7.55"), event("headache", percent="0.14")
    html = risk_numbers(common, rare, event("stroke", major=True), unit="people")
    assert "stroke." in html.split("no one knows how often", 1)[1]
    for words in ("1 rarer effect, and a table", "Headache: about 1 in 1,000.", "of 100 people."):
        assert words in html
    assert html.count("<svg") == 1


def dots(html: str, kind: str = "") -> list[int]:
    """Return how many dots each such path draws: a stretch is one dot, and one more for each unit of its length."""
    paths = [path.split("M")[1:] for path in re.findall(f'<path{kind} d="(.*?)"', html)]
    return [sum(int(Decimal(stretch.split("h")[1])) + 1 for stretch in path) for path in paths]


@pytest.mark.parametrize(
    ("percent", "words", "marked"),
    [
        ("7.55", "About 8 in 100", [8]),
        ("36.7", "About 37 in 100", [37]),
        ("100", "About 100 in 100", [100]),
        ("1", "About 1 in 100", [1]),
        ("0.88", "About 9 in 1,000", [9]),
        ("0.098", "About 1 in 1,021", [1]),
        ("0.051", "About 1 in 1,961", [1]),
        ("0.05", "About 1 in 2,000", []),
        ("0.01", "About 1 in 10,000", []),
        ("0", "None in 7,629 treatments", [0]),
    ],
)
def test_sentence_and_picture_agree_and_nothing_is_shown_as_twice_as_often_as_it_was(
    percent: str, words: str, marked: list[int]
) -> None:
    html = risk_numbers(event("infection", percent=percent))
    assert f"{words}</b> infection" in html
    assert dots(html, ' class="dots__marked"') == marked
    assert dots(html) == [100 if words.endswith(" 100") else 1000][: len(marked)]
    assert ("for rarer effects" in html) is (dots(html) == [1000])


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ([event("bruising")], "events"),
        ([event("bruising", count=1, percent="2")], "events"),
        ([event("bruising", count=8000)], "treatments"),
    ],
)
def test_impossible_numbers_are_refused(events: list[dict[str, Any]], field: str) -> None:
    block = RiskNumbersBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.normalize({**block.get_preview_value(), "events": events}))
    assert field in refused.value.block_errors


def test_steps_have_the_level_of_heading_that_fits() -> None:
    block = StepsBlock()
    alone = block.get_preview_value()
    assert "<h3" in str(block.render(alone))
    assert "<h4" in str(block.render(block.normalize({**alone, "heading": "In the room"})))


@pytest.mark.django_db
def test_the_drawing_says_in_words_what_it_shows(home: object) -> None:
    html = str(TreatmentStoryBlock().child_blocks["drawing"].render("needle_and_muscle"))
    assert html.count("<svg") == html.count('aria-hidden="true"') == 3
    assert "not settled fact" in html


@pytest.mark.django_db
def test_no_heading_of_an_editor_takes_an_address_that_the_page_itself_uses(
    client: Client, details: ClinicDetails
) -> None:
    words = ("At a glance", "On this page", "Conditions", "Who offers it", "Sources", "Review")
    service = factories.make_service(
        how_it_feels="A small prick.",
        body=json.dumps([{"type": "heading", "value": heading} for heading in words]),
        sources=json.dumps([{"type": "source", "value": {"text": "Gattie", "url": "", "year": 2017}}]),
    )
    factories.give(service, factories.make_practitioner())
    factories.help_with(service, factories.make_condition())
    ids = [values["id"] for _, values in Markup(client.get(service.url).content.decode()).elements if "id" in values]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
def test_a_treatment_without_facts_and_headings_shows_no_empty_boxes(client: Client, details: ClinicDetails) -> None:
    html = client.get(factories.make_service().url).content.decode()
    for words in ("At a glance", "On this page", "Who offers it", "Sources"):
        assert f">{words}<" not in html
