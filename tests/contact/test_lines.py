"""The lines of the list as HTML: every text that anybody typed is text there."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

import pytest

from contact.admin.lines import lines
from contact.admin.reach import Way
from contact.admin.rows import Flag, Row
from contact.admin.tabs import BY_SLUG

TYPED = "<script>\"'&"
ROW = Row(
    tick="7:2", address="7/change/", reference="K7-3F9Q", name="Sam", topic="Fees", page="IMS",
    ways=[Way("phone", "867-555-0142", "tel:+18675550142", is_preferred=True)], reach_note="voicemail ok",
    waited="2 h", since="9:12", due="today 17:00", is_overdue=True, status="New", assignee="Ada",
    is_mine=True, flags=[Flag("Chest pain", "now")],
)  # fmt: skip


def drawn(row: Row) -> str:
    return str(lines([row], "?a=b", BY_SLUG["all"], with_ticks=True))


@pytest.mark.parametrize("name", [field.name for field in fields(Row) if field.type == "str"])
def test_each_text_is_escaped(name: str) -> None:
    changed: dict[str, Any] = {name: TYPED}
    html = drawn(replace(ROW, **changed))
    assert "&lt;script&gt;&quot;&#x27;&amp;" in html
    assert "<script" not in html


def test_ways_and_flags_are_escaped() -> None:
    html = drawn(replace(ROW, ways=[Way("phone", TYPED, TYPED, is_preferred=False)], flags=[Flag(TYPED, TYPED)]))
    assert "<script" not in html
    assert html.count("&lt;script&gt;&quot;") == 4


def test_a_line_links_to_the_enquiry_and_to_the_patient() -> None:
    html = drawn(ROW)
    for part in (
        '<a href="7/change/?a=b">Sam</a>', '<a href="tel:+18675550142" class="is-preferred">867-555-0142</a>',
        '<tr class="is-overdue">', ' is-mine" data-label="Whose">Ada</td>', '<li class="is-now">Chest pain</li>',
        'value="7:2"', "<b>New</b> 2 h",
    ):  # fmt: skip
        assert part in html


def test_ticks_and_states_are_left_out_where_they_say_nothing() -> None:
    html = str(lines([ROW], "", BY_SLUG["waiting"], with_ticks=False))
    assert "checkbox" not in html
    assert "New" not in html


@pytest.mark.parametrize(
    ("slug", "since", "by"),
    [("waiting", "Waiting", "Answer by"), ("answered", "Received", "Answered"), ("all", "State", "Answer by")],
)
def test_where_a_line_is_a_card_its_cells_say_what_they_are(slug: str, since: str, by: str) -> None:
    html = str(lines([ROW], "", BY_SLUG[slug], with_ticks=False))
    assert re.findall(r'data-label="([^"]+)"', html) == [since, by, "Whose"]
