"""How easy a page reads, and the command that prints it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from clinic.lib.readability import reading_of, running_text
from clinic.management.commands import readability as command

if TYPE_CHECKING:
    from clinic.models import HomePage

HARD = (
    "Multidisciplinary rehabilitation professionals systematically individualize comprehensive musculoskeletal "
    "interventions, notwithstanding heterogeneous epidemiological presentations."
)


def test_sentences_of_the_pages_own_part_are_measured_and_nothing_else() -> None:
    html = """<header><p>Not this one.</p></header><main><h1>A heading.</h1><p>Call <b>us</b> today.</p>
        <ul><li>needles</li><li>You may <a href="/">sit down</a>.</li></ul>
        <form><p>Your name.</p></form><table><tr><td><p>Nor this.</p></td></tr></table><svg><title>No.</title></svg>
        <details><summary>Does it hurt?</summary><p>A little.</p></details></main><footer><p>Nor that.</p></footer>"""
    assert running_text(html) == ["Call us today.", "You may sit down.", "Does it hurt?", "A little."]


def test_plain_words_are_easy_and_long_ones_are_not() -> None:
    plain = reading_of("<main><p>The needle is thin. It goes in and out. You may feel a twitch.</p></main>")
    assert plain.is_easy
    assert plain.words == 14
    assert not reading_of(f"<main><p>{HARD}</p></main>").is_easy
    assert reading_of("<main></main>").words == 0


def test_the_command_prints_every_page_and_fails_for_one_that_is_hard_to_read(home: HomePage) -> None:
    home.introduction = "You can walk in. We help you to move."
    home.save()
    out = StringIO()
    call_command("readability", stdout=out)
    assert out.getvalue().splitlines()[0] == "grade  words  page"
    assert out.getvalue().splitlines()[1].endswith("  /")
    home.introduction = HARD
    home.save()
    with pytest.raises(CommandError, match="Hard to read: 1"):
        call_command("readability", stdout=out)
    assert "above grade 8" in out.getvalue()


def test_the_command_names_the_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _package: None)
    with pytest.raises(CommandError, match="textstat is not installed"):
        call_command("readability")
