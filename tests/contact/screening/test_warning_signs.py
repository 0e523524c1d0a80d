"""A warning sign is found in many wordings, and ordinary enquiries have none; a miss costs more than a false alarm."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.html import strip_tags

from clinic.lib.phrases import normalise, without_runs
from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS, LIKE_AN_EMERGENCY, find_warning_signs

WORDINGS = {
    group: {sign: texts.splitlines() for sign, texts in signs.items()}
    for group, signs in tomllib.loads(Path(__file__).with_name("wordings.toml").read_text("utf-8")).items()
}


def found(text: str, signs: Mapping[str, list[str]] = DEFAULT_WARNING_SIGNS) -> tuple[str, ...]:
    """Return the signs of which a phrase was found."""
    return tuple(name for name in find_warning_signs(text, signs).names if name != LIKE_AN_EMERGENCY)


@pytest.mark.parametrize(
    ("sign", "text"), [(sign, text) for sign, texts in WORDINGS["urgent"].items() for text in texts]
)
def test_each_sign_is_found_in_patients_words(sign: str, text: str) -> None:
    assert sign in found(f"Hello,\n{text}. Thanks")


@pytest.mark.parametrize("text", ["", *WORDINGS["harmless"]["texts"]])
def test_an_ordinary_enquiry_or_a_plain_denial_has_no_sign(text: str) -> None:
    assert find_warning_signs(text, DEFAULT_WARNING_SIGNS).names == ()


@pytest.mark.parametrize("text", WORDINGS["more_than_denied"]["texts"])
def test_more_than_a_plain_denial_is_a_sign(text: str) -> None:
    assert "Chest pain" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        f"heart attack in {timezone.localdate().year}",
        "heart attack in 2010 and the same pressure in my chest again",
        "My father had a stroke last year and today his mouth is drooping",
        "The cut hasn't stopped bleeding",
        "He had a seizure in 2010 and just had another one",
        "Your website says 911 for chest pain, should I call",
        "My dad hasn't woken up",
        "throwing up dark blood",
        "I took a whole bunch of gabapentin tonight, no chest pain",
        "I have no chest pain and I took a whole bunch of gabapentin tonight",
    ],
)
def test_what_is_happening_now_is_a_sign_beside_what_is_denied_or_long_past(text: str) -> None:
    assert find_warning_signs(text, DEFAULT_WARNING_SIGNS).names


def test_a_long_message_is_searched_at_once_and_its_signs_are_named_in_the_order_of_the_list() -> None:
    assert found("no chest pain when " * 200 + "a" * 200) == ("Chest pain",)
    assert found("stroke? chest pain? I can't breathe!") == ("Trouble breathing", "Chest pain", "Signs of a stroke")


@pytest.mark.parametrize("phrase", WORDINGS["found_in"])
def test_a_phrase_is_found_in_what_it_stands_for(phrase: str) -> None:
    assert [text for text in WORDINGS["found_in"][phrase] if not found(text, {"Sign": [phrase]})] == []


@pytest.mark.parametrize("phrase", WORDINGS["not_found_in"])
def test_a_phrase_is_not_found_in_anything_else(phrase: str) -> None:
    assert [text for text in WORDINGS["not_found_in"][phrase] if found(text, {"Sign": [phrase]})] == []


@pytest.mark.parametrize("run", ["- ", " ", "\n", "\t \n", "– ", "-", "—", " ; "])
def test_a_long_run_of_blanks_or_dashes_is_shortened_before_the_search(run: str) -> None:
    assert len(normalise(f"numb{run * 4000}toe")) < 2 * len("numb; toe")
    assert not re.search(r"\s\s", without_runs(f"numb{run * 99}toe"))


@pytest.mark.parametrize("sign", DEFAULT_WARNING_SIGNS)
def test_every_way_of_saying_a_phrase_of_the_first_list_is_found(sign: str) -> None:
    for phrase in DEFAULT_WARNING_SIGNS[sign]:
        pieces = [piece.split("/") for piece in re.split(r"\+|\.\.\.", phrase)]
        for place, ways in enumerate(pieces):
            for way in ways:
                typed = " ".join([*(one[0] for one in pieces[:place]), way, *(one[0] for one in pieces[place + 1 :])])
                assert found(typed.replace("*", ""), {sign: [phrase]}), (phrase, typed)


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


@pytest.mark.parametrize("line", sorted({line for card in CARDS for line in lines_of(card)}))
def test_every_line_of_the_emergency_and_urgent_cards_is_found(line: str) -> None:
    typed = line.replace("you have", "I have").replace("your", "my").replace("you", "I")
    assert found(line)
    assert found(typed)


@pytest.mark.django_db
@pytest.mark.no_cover
def test_the_samples_are_found_and_false_alarms_are_rare(capsys: pytest.CaptureFixture[str]) -> None:
    """`manage.py warning_signs --measure` reads those that the list was tuned with, too: ten times as many."""
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


@pytest.mark.django_db
def test_a_list_that_misses_too_much_fails_its_measurement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dangerous.txt").write_text("a bear\n")
    (tmp_path / "harmless.txt").write_text("chest pain\n")
    with pytest.raises(SystemExit):
        call_command("warning_signs", "--measure", str(tmp_path), verbosity=2)
    assert "missed: a bear\n  false alarm: chest pain" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("warning_signs", "--measure", str(tmp_path / "nothing"))


def test_words_of_an_emergency_are_a_sign_when_no_phrase_is_found_and_signs_are_in_use() -> None:
    text = "please help, he lies there and his arm and face look strange"
    assert find_warning_signs(text, {"Sign": ["bear"]}).names == (LIKE_AN_EMERGENCY,)
    assert find_warning_signs("Can I book a massage for my sore shoulder?", {"Sign": ["bear"]}).names == ()
    assert find_warning_signs(text, {}).names == ()
