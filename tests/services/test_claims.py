"""Sentences as clinics write them: which are claims that the advertising standards do not allow, and which are not."""

from pathlib import Path
from time import thread_time

import pytest

from clinic.demo import words
from services.claims import RULES, find_claims

CORPUS = Path(__file__).with_name("claims")
LEAST = 0.95


def sentences(name: str) -> list[str]:
    return (CORPUS / name).read_text("utf-8").splitlines()


@pytest.mark.no_cover
@pytest.mark.parametrize("half", ["tuned", "held-out"])
def test_claims_are_found_and_plain_sentences_are_not(half: str, capsys: pytest.CaptureFixture[str]) -> None:
    forbidden, allowed = sentences(f"{half}/forbidden.txt"), sentences(f"{half}/allowed.txt")
    assert min(len(forbidden), len(allowed)) >= 100
    missed = [sentence for sentence in forbidden if not find_claims(sentence)]
    wrong = [sentence for sentence in allowed if find_claims(sentence)]
    found = len(forbidden) - len(missed)
    recall, precision = found / len(forbidden), found / (found + len(wrong))
    with capsys.disabled():
        print(f"\nClaims, {half}: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201  the issue asks for them
    assert recall >= LEAST, missed
    assert precision >= LEAST, wrong


def texts_of(value: object) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    return [text for part in value for text in texts_of(part)] if isinstance(value, list) else [str(value)]


def test_no_sentence_of_the_demo_clinic_is_a_claim() -> None:
    texts = [text for page in [*words.read_pages(), words.read_clinic()] for text in texts_of(page)]
    assert [text[claim.start : claim.end] for text in texts for claim in find_claims(text)] == []


@pytest.mark.parametrize(
    ("text", "found", "rule"),
    [
        ("At home, rest. This CURES everything.", "CURES", "cure"),
        ("It won’t  hurt,\u00a0and it’s pain\u2011free needling.", "won’t  hurt", "painless"),
        ("Try it: results gua\u00adran\u00adteed.", "gua\u00adran\u00adteed", "guarantee"),
        ("Pay less!\n20\u202f% off in June.", "20\u202f% off", "discount"),
    ],
)
def test_a_claim_says_where_it_is_in_the_text_as_typed_and_which_rule_it_breaks(
    text: str, found: str, rule: str
) -> None:
    claim = find_claims(text)[0]
    assert (text[claim.start : claim.end], claim.rule) == (found, rule)
    assert claim.advice
    assert RULES[claim.rule].source


@pytest.mark.parametrize(
    "text", ["", "\0", *(part * 2000 for part in ("a ", "no ", "best ", '"', "(", "we cure ", "😀é"))]
)
def test_any_text_is_read_in_a_moment(text: str) -> None:
    before = thread_time()
    find_claims(text)
    assert thread_time() - before < 5
