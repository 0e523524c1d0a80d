"""A warning sign is found in many wordings, and ordinary enquiries have none; a miss costs more than a false alarm."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.html import strip_tags

from clinic.lib.phrases import normalise, without_runs
from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS, LIKE_AN_EMERGENCY, find_warning_signs, signs_in

CORPUS = Path(__file__).with_name("corpus")
URGENT = {
    "Trouble breathing": """
        I get very short-of-breath on the stairs
        shortness of breath
        J'ai du mal à respirer
        It is difficult to breathe
        difficulty in breathing
        breathing is really difficult today
        my breathing has become difficult
        I am out of breath all the time
        I have been coughing up blood
        I cannot breathe
        I can hardly breathe
        I couldn't get my breath
        unable to catch my breath
        can't get enough air
        I can't take a deep breath
        having trouble with breathing
        it is a sharp pain when I breathe
        hard time breathing""",
    "Chest pain": """
        I have chest pains when I lift
        There is a pain in my chest
        my chest has been hurting
        pain in the left side of my chest
        chest and arm pain
        my chest aches
        an aching chest
        tight in the chest
        my chest feels heavy""",
    "Numbness between the legs": """
        My back went and now it is numb between my legs
        numbness around the saddle area
        saddle anaesthesia
        saddle anesthesia
        numb between my legs
        I have lost all feeling between my legs
        no feeling between the legs
        loss of sensation in my groin
        I can't feel myself wiping
        Could not feel it when I wipe""",
    "Loss of bladder or bowel control": """
        I have lost control of my bladder
        there's some loss of control, bladder mostly
        loss of bladder control
        I can't really control my bladder
        no control over my bladder
        cant hold my bladder
        can not hold my pee
        lost control of my pee
        I have lost all control of my bowels
        losing control of my bladder
        unable to control my bowel
        I could not pee all day
        I can no longer pee
        I am not able to urinate
        I was not able to empty my bladder
        I can't feel my bladder""",
    "Signs of a stroke": """
        One side of her face is drooping
        my speech is slurred
        can't talk properly
        he could not speak
        numbness in my left arm and leg
        vision loss
        loss of vision
        I lost the vision in one eye
        I cannot see out of my left eye
        trouble speaking since noon""",
    "A recent fall or accident": """
        I fell off the roof yesterday
        I can not put weight on it""",
    "Weakness or numbness": """
        cannot feel my legs
        I can't feel either of my legs
        I cannot move my legs""",
    "A hit to the head": """
        I hit my head on the ice""",
    "Trouble breathing or chest pain after needling": "The IMS was on Monday, and now I have a dry cough",
    "Sudden, severe or changed headache": "It came suddenly, the worst headache of my life",
    "Swollen, painful calf or leg": "My calf is swollen and it hurts",
    "Fever or infection": "I have a fever. The whole of my lower back is sore.",
    "Thoughts of suicide": """
        Some days I want to die
        I am thinking about suicide
        I think of self-harm""",
}
# Ordinary enquiries with similar words, and plain denials.
HARMLESS = """
    I am out of town until Monday
    I am out of the office, please write
    my toe is numb after running
    I have a numb toe
    numb fingers at night, in my right hand
    what is the difference between IMS and acupuncture for tight legs?
    could you fit me in between Monday and Wednesday? My legs are sore
    I cannot come on Tuesday
    I can't make it this week
    I can not find your address
    could not reach you by phone
    I am unable to drive, is there parking?
    I can't talk on the phone at work
    I cannot feel my best without exercise
    I find it difficult to get up the stairs
    a hard mattress makes it worse
    I lost my receipt
    I lost weight and feel better
    I would like better control of my knee
    I can't hold a plank for long
    I can't hold my baby for long, my wrist hurts
    do you treat pelvic health after a birth?
    my arm hurts when I lift, my leg is fine
    how much is a first visit?
    I have no pain in my chest
    no trouble breathing
    vision therapy after a concussion, do you do that?
    my shoulder aches after swimming
    I saw it on TV and can hardly wait
    not able to lift my arm above my shoulder
    tight hips and a sore back
    my back hurts when I cough
    Do you have time next week for my tennis elbow?
    My shoulder has been stiff since I fell off my bike two years ago.
    I hurt myself skiing in March and my knee still swells.
    I play trombone and would like help with breath control and posture.
    Car accident in 2019, whiplash since then. Do you take SGI?
    My calf muscle cramps when I run.
    Breaststroke hurts my knee.
    Does needling hurt? I am a bit afraid of needles.
    I ride a horse and my back is sore after the saddle.
    No chest pain.
    I have no chest pain, my doctor checked.
    I don’t have any chest pain.
    It aches at night, without chest pain or fever.
    No signs of stroke, she says"""


def found(text: str) -> tuple[str, ...]:
    return signs_in(text, DEFAULT_WARNING_SIGNS)


@pytest.mark.parametrize(
    ("sign", "text"), [(sign, line.strip()) for sign, lines in URGENT.items() for line in lines.strip().splitlines()]
)
def test_each_sign_is_found_in_patients_words(sign: str, text: str) -> None:
    assert sign in found(f"Hello,\n{text}. Thanks")


@pytest.mark.parametrize("text", ["", *(line.strip() for line in HARMLESS.strip().splitlines())])
def test_an_ordinary_enquiry_or_a_plain_denial_has_no_sign(text: str) -> None:
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
def test_more_than_a_plain_denial_is_a_sign(text: str) -> None:
    assert "Chest pain" in found(text)


def test_several_signs_are_named_in_the_order_of_the_list() -> None:
    assert found("stroke? chest pain? I can't breathe!") == ("Trouble breathing", "Chest pain", "Signs of a stroke")


@pytest.mark.parametrize("phrase", ["", "*", " + ", "+*", "(", "[a-", "\\"])
def test_a_phrase_that_makes_no_sense_finds_nothing(phrase: str) -> None:
    assert signs_in("nothing of the kind", {"Sign": [phrase]}) == ()


def test_a_phrase_matches_whole_words_unless_it_has_a_star() -> None:
    assert signs_in("numbness", {"Sign": ["numb"]}) == ()
    assert signs_in("numbness", {"Sign": ["numb*"]}) == ("Sign",)
    assert signs_in("outnumber", {"Sign": ["numb*"]}) == ()


def test_a_message_of_4000_signs_is_searched_at_once() -> None:
    assert found("no chest pain when " * 200 + "a" * 200) == ("Chest pain",)


@pytest.mark.parametrize(
    "words", ["can't feel", "cant  feel", "CAN`T\nFEEL", "can  not feel", "could not even feel", "am unable to feel"]
)
def test_cannot_is_found_in_all_its_forms(words: str) -> None:
    assert signs_in(f"I {words} it", {"Sign": ["can’t feel"]}) == ("Sign",)
    assert signs_in("I feel it, and can. Not now.", {"Sign": ["can’t feel"]}) == ()


def test_dots_in_a_phrase_match_a_few_words_of_the_same_sentence() -> None:
    sign = {"Sign": ["pain* ... chest"]}
    assert signs_in("painful chest", sign) == ("Sign",)
    assert signs_in("pain in the left side of my chest", sign) == ("Sign",)
    assert signs_in("a pain that is in the left side of my chest", sign) == ()
    assert signs_in("Pain at night, my chest is well, pain without chest trouble", sign) == ()
    assert signs_in("No pain. My chest is well.", sign) == ()
    assert signs_in("No pain in my chest.", sign) == ()


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
                assert signs_in(typed.replace("*", ""), {sign: DEFAULT_WARNING_SIGNS[sign]}), (phrase, typed)


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("chest pian", "chest pain"), ("short of breth", "short of breath"), ("siezure", "seizure*"),
        ("I WAS UNCONCIOUS", "unconscious"), ("sooo nuuumb", "numb"), ("evanouie", "évanoui*"),
        ("je narrive pu a respirer", "can't respirer"), ("numb in my privates", "numb*/tingl* ... groin/private*"),
        ("it feels numb, and my groin", "numb ... in/and my groin"), ("the groin is numb", "numb ... groin"),
    ],
)  # fmt: skip
def test_words_are_understood_as_people_type_them(typed: str, phrase: str) -> None:
    assert signs_in(typed, {"Sign": [phrase]}) == ("Sign",)


@pytest.mark.parametrize("typed", ["never", "cheat pain", "needs", "number", "week", "casinos"])
def test_an_ordinary_word_is_no_typing_error(typed: str) -> None:
    assert signs_in(typed, {"Sign": ["fever", "chest pain", "needl*", "numb", "weak", "casin"]}) == ()


@pytest.mark.parametrize(
    ("text", "is_sign"),
    [
        ("heart attack in 2010", False),
        ("In 2010, I had a heart attack.", False),
        (f"heart attack in {timezone.localdate().year}", True),
        ("heart attack in 2010 and the same pressure in my chest again", True),
        ("My father had a stroke last year", False),
        ("My father had a stroke last year and today his mouth is drooping", True),
        ("not suicidal, a form asked", False),
        ("no numbness, weakness or trouble peeing", False),
        ("Chest pain: no. Fever: none", False),
        ("Do you treat incontinence after a birth?", False),
        ("pas de douleur à la poitrine ni de fièvre", False),
    ],
)
def test_what_is_denied_long_past_or_our_own_service_is_no_sign(text: str, is_sign: bool) -> None:
    assert bool(found(text)) is is_sign


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
def test_the_samples_are_found_and_false_alarms_are_rare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of those that the list was tuned with, every fifth: `manage.py warning_signs --measure` reads all."""
    for file in CORPUS.glob("*/*.txt"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        copy = tmp_path / file.relative_to(CORPUS)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("".join(lines[:: 5 if file.parent.name == "tuned" else 1]), "utf-8")
    call_command("warning_signs", "--measure", str(tmp_path))
    measured = capsys.readouterr().out
    dangerous, harmless, french = (
        sum(map(int, re.findall(pattern, measured)))
        for pattern in (r"of (\d+) dangerous", r"among (\d+) harmless", r"\((\d+) in French")
    )
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
