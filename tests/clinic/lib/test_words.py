import pytest

from clinic.lib.readability import HIGHEST_GRADE, grade_of, paragraphs, running_text, syllables_of
from clinic.lib.words import stem, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can’t, can't, CAN`T", ["cant"] * 3),
        ("I.M.S. and i.m.s", ["ims", "and", "ims"]),
        ("J'ai mal à l’épaule", ["ai", "mal", "a", "epaule"]),
        ("O'Connell ʼ Gagné Łukasz", ["oconnell", "gagne", "lukasz"]),
        ("back/neck X-ray_2", ["back", "neck", "x", "ray", "2"]),
        ("phy\u200bsio\u00adtherapy ＦＵＬＬ", ["physiotherapy", "full"]),
        ("😀 ' .", []),
    ],
)
def test_words_are_the_same_however_they_are_written(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        "needle needles needling needled", "bruise bruises bruising bruised", "run runs running", "therapy therapies",
        "hike hikes hiking hiked", "fall falls falling", "stress stresses", "box boxes", "fee fees", "knee knees",
        "dizzy dizziness", "stiff stiffness", "stop stopped stopping", "bleed bleeding", "itch itches itching",
    ],
)  # fmt: skip
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


HARD = (
    "Multidisciplinary rehabilitation professionals systematically individualize comprehensive musculoskeletal "
    "interventions, notwithstanding heterogeneous epidemiological presentations."
)


def test_paragraphs_and_list_items_are_read_and_nothing_that_is_no_text() -> None:
    html = """<h3>A heading</h3><p>Call <b>us</b> &amp; wait.</p><ul><li>needles</li><li>You may
        <a href="/">sit</a>.</li></ul><table><tr><td><p>Not this.</p></td></tr></table><svg><title>No.</title></svg>
        One line<br/>and another."""
    assert paragraphs(html) == ["A heading", "Call us & wait.", "needles", "You may sit.", "One line", "and another."]
    assert paragraphs("Neck pain\nBack pain") == ["Neck pain", "Back pain"]
    assert running_text(html) == ["Call us & wait.", "You may sit.", "and another."]


def test_plain_words_are_easy_and_long_ones_are_not() -> None:
    assert grade_of("The needle is thin. It goes in and out. You may feel a twitch.") < 3
    assert grade_of(HARD) > 2 * HIGHEST_GRADE
    assert grade_of("") == grade_of("…") == 0


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("hoped", 1), ("makes", 1), ("while", 1), ("settled", 2), ("needle", 2), ("needles", 2), ("changes", 2),
     ("treated", 2), ("movement", 2), ("doing", 2), ("session", 2), ("people", 2), ("serious", 3), ("exercises", 4),
     ("Yukon", 2)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables
