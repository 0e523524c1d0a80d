"""A warning sign is found however it was typed; a miss costs more than a false alarm."""

import re

import pytest

from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS, _without_runs, normalise, signs_in


def found(text: str) -> tuple[str, ...]:
    return signs_in(text, DEFAULT_WARNING_SIGNS)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Since this morning I can't breathe properly.", "Trouble breathing"),
        ("I can’t breathe", "Trouble breathing"),
        ("i cant  breathe", "Trouble breathing"),
        ("I CAN`T\nBREATHE", "Trouble breathing"),
        ("I get very short-of-breath on the stairs", "Trouble breathing"),
        ("shortness of breath", "Trouble breathing"),
        ("J'ai du mal à respirer", "Trouble breathing"),
        ("I have chest pains when I lift", "Chest pain"),
        ("There is a pain in my chest", "Chest pain"),
        ("The IMS was on Monday, and now I have a dry cough", "Breath or chest after needling"),
        ("My back went and now it is numb between my legs", "Numb between the legs"),
        ("numbness around the saddle area", "Numb between the legs"),
        ("saddle anaesthesia", "Numb between the legs"),
        ("saddle anesthesia", "Numb between the legs"),
        ("I have lost control of my bladder", "Bladder or bowel control"),
        ("there's some loss of control, bladder mostly", "Bladder or bowel control"),
        ("loss of bladder control", "Bladder or bowel control"),
        ("I cannot pee since yesterday", "Bladder or bowel control"),
        ("One side of her face is drooping", "Signs of a stroke"),
        ("my speech is slurred", "Signs of a stroke"),
        ("It came suddenly, the worst headache of my life", "Sudden severe headache"),
        ("My calf is swollen and it hurts", "Swollen, painful calf or leg"),
        ("I have a fever. The whole of my lower back is sore.", "Fever with back pain"),
        ("I fell off the roof yesterday", "A fresh fall or accident"),
        ("I hit my head on the ice", "A fresh fall or accident"),
        ("Some days I want to die.", "Thoughts of suicide"),
        ("I am thinking about suicide", "Thoughts of suicide"),
        ("I think of self-harm", "Thoughts of suicide"),
    ],
)
def test_each_sign_is_found_in_a_patients_words(text: str, sign: str) -> None:
    assert sign in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Do you have time next week for my tennis elbow?",
        "My shoulder has been stiff since I fell off my bike two years ago.",
        "I hurt myself skiing in March and my knee still swells.",
        "I play trombone and would like help with breath control and posture.",
        "Car accident in 2019, whiplash since then. Do you take SGI?",
        "My calf muscle cramps when I run.",
        "Breaststroke hurts my knee.",
        "Does needling hurt? I am a bit afraid of needles.",
        "I ride a horse and my back is sore after the saddle.",
    ],
)
def test_an_ordinary_enquiry_has_no_warning_sign(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "No chest pain.",
        "I have no chest pain, my doctor checked.",
        "I don’t have any chest pain.",
        "It aches at night, without chest pain or fever.",
        "No signs of stroke, she says",
    ],
)
def test_a_plain_denial_is_not_a_sign(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "No, chest pain!",
        "No – chest pain.",
        "No chest pain until yesterday.",
        "I had no chest pain before, but now I do.",
        "No chest pain, but today it started.",
        "No chest pain at rest.",
        "No chest pain when sitting.",
        "I never had chest pain like this.",
        "I do not only have chest pain.",
        "Is it no problem? Chest pain is there.",
        "No chest pain. Chest pain yesterday!",
    ],
)
def test_what_is_not_a_plain_denial_is_a_sign(text: str) -> None:
    assert "Chest pain" in found(text)


def test_several_signs_are_named_in_the_order_of_the_list() -> None:
    assert found("stroke? chest pain? I can't breathe!") == ("Trouble breathing", "Chest pain", "Signs of a stroke")


@pytest.mark.parametrize("phrase", ["", "*", " + ", "+*", "(", "[a-", "\\"])
def test_a_phrase_that_makes_no_sense_finds_nothing_and_breaks_nothing(phrase: str) -> None:
    assert signs_in("nothing of the kind", {"Sign": [phrase]}) == ()


def test_a_whole_word_is_meant_unless_a_star_says_otherwise() -> None:
    assert signs_in("numbness", {"Sign": ["numb"]}) == ()
    assert signs_in("numbness", {"Sign": ["numb*"]}) == ("Sign",)
    assert signs_in("outnumber", {"Sign": ["numb*"]}) == ()


def test_a_message_of_4000_signs_is_searched_at_once() -> None:
    assert found("no chest pain when " * 200 + "a" * 200) == ("Chest pain",)


@pytest.mark.parametrize(
    "said", ["can't feel", "cannot feel", "can  not feel", "could not even feel", "am unable to feel"]
)
def test_not_being_able_to_is_one_thing_however_it_is_said(said: str) -> None:
    assert signs_in(f"I {said} it", {"Sign": ["can’t feel"]}) == ("Sign",)
    assert signs_in("I feel it, and can. Not now.", {"Sign": ["can’t feel"]}) == ()


def test_dots_stand_for_a_few_words_of_the_same_thought() -> None:
    sign = {"Sign": ["pain* ... chest"]}
    assert signs_in("painful chest", sign) == ("Sign",)
    assert signs_in("pain in the left side of my chest", sign) == ("Sign",)
    assert signs_in("a pain that is in the left side of my chest", sign) == ()
    assert signs_in("Pain at night, my chest is well, pain without chest trouble", sign) == ()
    assert signs_in("No pain. My chest is well.", sign) == ()
    assert signs_in("No pain in my chest.", sign) == ()


@pytest.mark.parametrize("run", ["- ", " ", "\n", "\t \n", "– ", "-", "—", " ; "])
def test_what_is_typed_four_thousand_times_is_looked_at_once(run: str) -> None:
    """Whatever is searched after it, for each phrase of the list, is as short as what was said."""
    assert len(normalise(f"numb{run * 4000}toe")) < 2 * len("numb; toe")


def test_no_pattern_meets_a_run_of_blanks() -> None:
    """One that begins with blanks would go over the rest of the run from each of its places."""
    assert not re.search(r"\s\s", _without_runs("a" + " " * 99 + "\n" * 99 + "\t" * 99 + "b"))


def test_every_phrase_of_the_first_list_finds_itself() -> None:
    for name, phrases in DEFAULT_WARNING_SIGNS.items():
        for phrase in phrases:
            typed = (
                phrase.replace("an*esthesia", "anaesthesia")
                .replace("*", "")
                .replace(" + ", " and ")
                .replace(" ...", "")
            )
            assert signs_in(typed, {name: [phrase]}) == (name,), phrase
