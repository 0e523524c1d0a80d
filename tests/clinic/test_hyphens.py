"""Words with a hyphen are not torn apart at it."""

from __future__ import annotations

import pytest

from clinic.blocks.rich_text import Words
from clinic.hyphens import whole_words, whole_words_in


@pytest.mark.parametrize("word", ["X-ray", "Follow-up", "e-mail", "hands-on", "meta-analysis", "six-week"])
def test_a_word_with_a_hyphen_is_kept_in_its_line(word: str) -> None:
    assert whole_words(f"See “{word}”, or not.") == f'See “<span class="whole">{word}</span>”, or not.'


@pytest.mark.parametrize(
    "words",
    [
        "front-desk@example.org",
        "www.x-ray.example",
        "https://example.org/x-ray/",
        "867-555-0142",
        "well – known",
        "state-of-the-art",  # long enough to need its break
        "",
    ],
)
def test_addresses_numbers_and_long_words_stay_as_they_are(words: str) -> None:
    assert whole_words(words) == words


def test_what_was_typed_is_escaped_and_rich_text_keeps_its_tags() -> None:
    assert whole_words("<b>X-ray</b>") == '&lt;b&gt;<span class="whole">X-ray</span>&lt;/b&gt;'
    html = '<a href="/x-ray" title="an X-ray">an X-ray</a> then'
    kept = '<a href="/x-ray" title="an X-ray">an <span class="whole">X-ray</span></a> then'
    assert whole_words_in(html) == kept
    assert Words("<p>An X-ray</p>").__html__() == '<p>An <span class="whole">X-ray</span></p>'
