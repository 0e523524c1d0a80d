"""A corpus of patients' words: those that must bring the emergency wording, and neighbours that must not."""

import pytest

from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS, signs_in

URGENT = {
    "Trouble breathing": """
        It is difficult to breathe
        difficulty in breathing
        breathing is difficult
        breathing is really difficult today
        my breathing has become difficult
        I am out of breath all the time
        I have been coughing up blood
        coughing blood
        I cannot breathe
        I can not breathe
        I can hardly breathe
        I couldn't get my breath
        unable to catch my breath
        can't get enough air
        I can't take a deep breath
        having trouble with breathing
        it is a sharp pain when I breathe
        hard time breathing""",
    "Chest pain": """
        pain in chest
        my chest is hurting
        my chest really hurts
        my chest has been hurting
        pain in the left side of my chest
        chest and arm pain
        my chest aches
        an aching chest
        tight in the chest
        my chest muscles are tight after bench press
        my chest feels very tight
        my chest feels heavy""",
    "Numb between the legs": """
        numb between legs
        numbness between legs
        numb between my legs
        numbness in between both legs
        lost feeling between my legs
        I have lost all feeling between my legs
        no feeling between the legs
        loss of sensation in my groin
        I cannot feel when I wipe
        I can't feel myself wiping
        Could not feel it when I wipe""",
    "Bladder or bowel control": """
        I cannot control my bladder since yesterday
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
        can't talk properly
        cannot speak
        he could not speak
        my arm and leg went numb
        numbness in my left arm and leg
        vision loss
        loss of vision
        I lost the vision in one eye
        I cannot see out of my left eye
        trouble speaking since noon""",
    "A fresh fall or accident": """
        cannot feel my legs
        I can't feel either of my legs
        I cannot move my legs
        I can not put weight on it""",
}

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
    it aches at night without chest pain
    no trouble breathing
    vision therapy after a concussion, do you do that?
    my shoulder aches after swimming
    I saw it on TV and can hardly wait
    not able to lift my arm above my shoulder
    tight hips and a sore back
    my back hurts when I cough"""


@pytest.mark.parametrize(
    ("name", "text"), [(name, line.strip()) for name, lines in URGENT.items() for line in lines.strip().splitlines()]
)
def test_these_words_bring_the_emergency_wording(name: str, text: str) -> None:
    assert name in signs_in(f"Hello,\n{text}. Thanks", DEFAULT_WARNING_SIGNS)


@pytest.mark.parametrize("text", [line.strip() for line in HARMLESS.strip().splitlines()])
def test_these_words_do_not(text: str) -> None:
    assert signs_in(f"Hello,\n{text}. Thanks", DEFAULT_WARNING_SIGNS) == ()
