"""Words as the search compares them."""

import pytest

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


@pytest.mark.parametrize("words", ["ims im", "care car", "hip hips_", "spring sprung", "arthritis arthrit", "need ne"])
def test_other_words_keep_their_own(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 2
