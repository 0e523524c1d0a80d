"""A warning sign is found in many wordings, and ordinary enquiries have none; a miss costs more than a false alarm."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.html import strip_tags

from clinic.lib.phrases import Phrase, normalise
from contact.screening import warning_signs
from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS, LIKE_AN_EMERGENCY, find_warning_signs

WORDINGS = {
    group: {sign: texts.splitlines() for sign, texts in signs.items()}
    for group, signs in tomllib.loads(Path(__file__).with_name("wordings.toml").read_text("utf-8")).items()
}


def found(text: str, signs: Mapping[str, list[str]] = DEFAULT_WARNING_SIGNS) -> tuple[str, ...]:
    """Return the signs of which a phrase was found."""
    return tuple(name for name in find_warning_signs(text, signs).names if name != LIKE_AN_EMERGENCY)


@pytest.mark.parametrize("sign", WORDINGS["urgent"])
def test_each_sign_is_found_in_patients_words(sign: str) -> None:
    assert [text for text in WORDINGS["urgent"][sign] if sign not in found(f"Hello,\n{text}. Thanks")] == []


def test_an_ordinary_enquiry_or_a_plain_denial_has_no_sign_but_what_happens_now_has() -> None:
    def names(text: str) -> tuple[str, ...]:
        return find_warning_signs(text, DEFAULT_WARNING_SIGNS).names

    happens_now = [*WORDINGS["now"]["texts"], f"heart attack in {timezone.localdate().year}"]
    assert [text for text in ("", *WORDINGS["harmless"]["texts"]) if names(text)] == []
    assert [text for text in WORDINGS["more_than_denied"]["texts"] if "Chest pain" not in names(text)] == []
    assert [text for text in happens_now if not names(text)] == []


def test_a_long_message_is_searched_at_once_and_its_signs_are_named_in_the_order_of_the_list() -> None:
    assert found("no chest pain when " * 200 + "a" * 200) == ("Chest pain",)
    assert found("stroke? chest pain? I can't breathe!") == ("Trouble breathing", "Chest pain", "Signs of a stroke")


@pytest.mark.parametrize("kind", ["found_in", "not_found_in"])
def test_a_phrase_is_found_in_what_it_stands_for_and_in_nothing_else(kind: str) -> None:
    for phrase, texts in WORDINGS[kind].items():
        assert [text for text in texts if bool(found(text, {"Sign": [phrase]})) is (kind != "found_in")] == [], phrase


@pytest.mark.parametrize("run", ["- ", " ", "\n", "\t \n", "– ", "-", "—", " ; "])
def test_a_long_run_of_blanks_or_dashes_is_shortened_before_the_search(run: str) -> None:
    assert len(normalise(f"numb{run * 4000}toe")) < 2 * len("numb; toe")


def ways_of_saying(phrase: str) -> list[str]:
    """Return the phrase with each of its alternatives once."""
    pieces = [piece.split("/") for piece in re.split(r"\+|\.\.\.", phrase.replace("*", ""))]
    first = [ways[0] for ways in pieces]
    return [" ".join([*first[:place], way, *first[place + 1 :]]) for place, ways in enumerate(pieces) for way in ways]


@pytest.mark.parametrize("sign", DEFAULT_WARNING_SIGNS)
def test_every_way_of_saying_a_phrase_of_the_first_list_is_found(sign: str) -> None:
    """Each in a sentence of its own: a message is read once, and 6,855 messages would take half a minute."""
    phrases = {written: Phrase(written) for written in DEFAULT_WARNING_SIGNS[sign]}
    ways = [(written, way) for written in phrases for way in ways_of_saying(written)]
    vocabulary = warning_signs._vocabulary(frozenset(phrases.values()))
    message = warning_signs._Message(". ".join(way for _written, way in ways), vocabulary)
    assert message.sentences[-1] == len(ways) - 1

    def sentences_with(part: list[list[tuple[str, ...]]]) -> set[int]:
        return {message.sentences[span[0]] for span in message.find(part) if not message.is_quiet(span)}

    found_in = {written: set.intersection(*map(sentences_with, phrase.parts)) for written, phrase in phrases.items()}
    assert [(written, way) for number, (written, way) in enumerate(ways) if number not in found_in[written]] == []


def lines_of(card: dict[str, str]) -> list[str]:
    """Return what a care card names: its points, or its text with the heading when it has none."""
    points = re.findall(r"<li>(.*?)</li>", card["text"], re.DOTALL)
    # “It came on in seconds”: what “it” is stands in the heading.
    return [f"{card['heading']} {point}" if point.startswith("it ") else point for point in points] or [
        f"{card['heading']}: {strip_tags(card['text'])}"
    ]


CARDS = [
    block["value"]
    for page in sorted(Path("clinic/demo/pages").glob("*.toml"))
    for block in tomllib.loads(page.read_text("utf-8")).get("body", [])
    if block["type"] == "care_card" and block["value"]["level"] != "non_urgent" and page.stem != "privacy"
]


def test_every_line_of_the_emergency_and_urgent_cards_is_found() -> None:
    lines = {line for card in CARDS for line in lines_of(card)}
    assert len(lines) > 50
    typed = {line.replace("you have", "I have").replace("your", "my").replace("you", "I") for line in lines}
    assert [line for line in sorted(lines | typed) if not found(line)] == []


@pytest.mark.no_cover
def test_the_samples_are_found_and_false_alarms_are_rare(capsys: pytest.CaptureFixture[str]) -> None:
    """`manage.py warning_signs --measure` reads those that the list was tuned with, too: several times as many."""
    corpus = Path(__file__).with_name("corpus")
    for file in ("dangerous.txt", "harmless.txt"):
        tuned, held_out = ((corpus / folder / file).read_text("utf-8") for folder in ("tuned", "held-out"))
        assert set(normalise(tuned).splitlines()).isdisjoint(normalise(held_out).splitlines())
    call_command("warning_signs", "--measure", str(corpus / "held-out"))
    numbers = re.search(r"of (\d+) dangerous.* (\d+) harmless ones \((\d+) in French", capsys.readouterr().out)
    assert numbers
    dangerous, harmless, french = map(int, numbers.groups())
    assert dangerous >= 250
    assert harmless >= 350
    assert french >= (dangerous + harmless) / 5


def test_a_list_that_misses_too_much_fails_its_measurement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dangerous.txt").write_text("a bear\n")
    (tmp_path / "harmless.txt").write_text("chest pain\n")
    with pytest.raises(SystemExit):
        call_command("warning_signs", "--measure", str(tmp_path), verbosity=2)
    assert "missed: a bear\n  false alarm: chest pain" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("warning_signs", "--measure", str(tmp_path / "nothing"))


def test_among_words_of_an_ordinary_enquiry_a_built_in_phrase_is_no_sign_but_one_of_the_managers_is() -> None:
    text = "Are your staff trained for a heart attack, for our insurance form?"
    assert find_warning_signs(text, DEFAULT_WARNING_SIGNS).names == ()
    assert found(text, {"Sign": ["trained ... heart attack"]}) == ("Sign",)
    assert found("Do you have a heart attack course on Friday, or should I go now, I have one?") == ("Chest pain",)


def test_words_of_an_emergency_are_a_sign_when_no_phrase_is_found_and_signs_are_in_use() -> None:
    text = "please help, he lies there and his arm and face look strange"
    assert find_warning_signs(text, {"Sign": ["bear"]}).names == (LIKE_AN_EMERGENCY,)
    assert find_warning_signs("Can I book a massage for my sore shoulder?", {"Sign": ["bear"]}).names == ()
    assert find_warning_signs(text, {}).names == ()
