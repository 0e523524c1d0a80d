"""What a new desk begins with: warning signs and ready-made replies. Managers change both afterwards.

The warning signs follow the clinical list in docs/staff.md; a physiotherapist reviews them before the site goes live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contact.screening.plain_words import plain

if TYPE_CHECKING:
    from django.apps.registry import Apps

# Names say what a person notices, not what it may be: the patient reads them. How a phrase is read stands in
# contact/screening/warning_signs.py: “can't” is also cannot, could not, unable to. Yukoners write French too.
AT_FIRST: dict[str, tuple[str, ...]] = {
    "Trouble breathing": (
        "can't breathe", "cannot breathe", "can not breathe", "can't catch my breath", "hard to breathe",
        "hurts to breathe", "hurts when I breathe", "struggl* to breathe", "struggl* for breath", "short* of breath",
        "short breath", "breathless*", "trouble breathing", "difficult* breathing", "problem* breathing",
        "gasping", "mal à respirer", "essoufflé*",
    ),
    "Chest pain": (
        "chest pain*", "chest hurts", "chest is tight", "chest feels tight", "tight chest", "tightness + chest",
        "pain* in my chest", "pain* in the chest", "pain* in her chest", "pain* in his chest", "pain* across my chest",
        "chest pressure", "pressure + my chest", "heart attack", "douleur* à la poitrine", "mal à la poitrine",
    ),
    "Breath or chest after needling": (
        "collapsed lung", "pneumothorax", "needl* + breath*", "needl* + cough*", "needl* + chest",
        "IMS + breath*", "IMS + cough*", "IMS + chest",
    ),
    "Numb between the legs": (
        "numb* + between my legs", "numb* + between the legs", "numb* + groin", "numb* + genital*", "numb* + crotch",
        "numb* + buttock*", "numb* + saddle", "numb* + bum", "numb* + private parts", "numb* + when I wipe",
        "saddle an*esthesia", "no feeling + between my legs", "can't feel + between my legs", "can't feel + groin",
        "can't feel + when I wipe", "tingl* + between my legs", "tingl* + genital*", "pins and needles + groin",
    ),
    "Bladder or bowel control": (
        "can't pee", "cannot pee", "unable to pee", "can't urinate", "cannot urinate", "unable to urinate",
        "trouble peeing", "can't feel + pee*", "wet myself", "wetting myself", "soil* myself", "incontinen*",
        "los* control + bladder", "los* control + bowel*", "los* of control + bladder", "los* of control + bowel*",
        "loss of bladder", "loss of bowel", "lost bladder control", "lost bowel control", "can't control my bladder",
        "can't control my bowel*", "can't hold my pee", "can't hold my urine", "can't hold my stool*",
    ),
    "Signs of a stroke": (
        "stroke", "face + droop*", "mouth + droop*", "slurr*", "can't speak", "can't find words", "one side of my body",
        "one side of my face", "sudden* + weak*", "sudden* + can't see", "sudden* + double vision", "lost vision",
        "loss of vision", "AVC",
    ),
    "Sudden severe headache": (
        "worst headache", "thunderclap", "sudden* + headache*", "severe headache*", "stiff neck + fever",
        "headache + fever", "headache + vomit*",
    ),
    "Swollen, painful calf or leg": (
        "blood clot*", "DVT", "thrombosis", "calf + swell*", "calf + swoll*", "calf + red", "calf + hot", "calf + warm",
        "leg + swoll* + pain*", "leg + swell* + pain*",
    ),
    "Fever with back pain": ("fever* + back", "chills + back", "night sweats + back", "fièvre + dos"),
    "A fresh fall or accident": (
        *(f"{what} + {when}" for what in ("fell", "a fall", "accident", "crash*", "rolled my")
          for when in ("today", "yesterday", "last night", "this morning", "just now", "hours ago")),
        "hit my head", "knocked out", "passed out", "blacked out", "can't put weight", "cannot put weight",
        "bone sticking out", "can't move my legs", "can't move my arm*", "can't feel my legs",
    ),
    "Thoughts of suicide": (
        "suicid*", "kill myself", "killing myself", "end my life", "ending my life", "end it all", "want to die",
        "wish I was dead", "wish I were dead", "better off dead", "don't want to live", "do not want to live",
        "no reason to live", "can't go on anymore", "self harm*", "harm myself", "harming myself",
        "hurting myself on purpose", "me tuer", "envie de mourir",
    ),
}  # fmt: skip

_BLADDER_OR_BOWEL = ("bladder", "bowel*", "pee", "urin*")
_SEAT = ("between", "groin", "genital*", "crotch", "buttock*", "bum", "private parts", "when I wipe")
# What a migration has given to desks that were there already. Never what is in the list above: what they miss of that,
# a manager took away.
ADDED_LATER: dict[str, tuple[str, ...]] = {
    "Trouble breathing": (
        "can't ... breathe", "can't ... breath", "can't get ... air", "difficult* to breathe",
        "difficult* ... breathing", "breathing is ... difficult*", "breathing is ... hard*",
        "breathing ... become* difficult*", "hard* ... breathing", "out of breath", "out of my breath",
        "trouble ... breathing", "trouble ... breathe", "pain* ... breathe", "pain* ... breathing", "cough* ... blood",
    ),
    "Chest pain": (
        "pain* ... chest", "chest ... pain*", "hurt* ... chest", "chest ... hurt*", "ache* ... chest",
        "aching ... chest", "chest ... ache*", "chest ... aching", "chest ... tight*", "tight* ... chest",
        "chest ... heavy", "heaviness ... chest", "chest discomfort", "discomfort ... chest",
    ),
    "Numb between the legs": (
        "numb* ... between ... leg*", "numb* ... between ... thigh*", "tingl* ... between ... leg*",
        *(f"{what} + {where}" for what in ("lost ... feeling", "losing ... feeling", "loss of feeling", "no feeling",
          "lost ... sensation", "loss of sensation") for where in _SEAT),
        "can't feel + between", "can't feel ... wip*", "can't feel + genital*", "can't feel + bum",
    ),
    "Bladder or bowel control": (
        *(f"{what} ... {where}" for what in ("can't control", "can't hold", "no control", "lost ... control",
          "losing ... control", "loss of control", "can't feel", "can't empty") for where in _BLADDER_OR_BOWEL),
        "can't go pee", "peed myself", "pooped myself",
    ),
    "Signs of a stroke": (
        "can't talk properly", "can't talk right", "can't talk clearly", "can't get ... words out", "trouble speaking",
        "trouble talking", "difficult* speaking", "difficult* talking", "numb* + arm and leg", "numb* + arm and my leg",
        "numb* + leg and arm", "weak* + arm and leg", "vision loss", "loss of ... vision", "los* ... vision",
        "lost ... sight", "can't see out of", "went blind",
    ),
    "A fresh fall or accident": ("can't feel ... legs", "lost ... feeling ... legs", "can't move ... legs"),
}  # fmt: skip

RED_FLAGS: dict[str, tuple[str, ...]] = {name: (*words, *ADDED_LATER.get(name, ())) for name, words in AT_FIRST.items()}

# The clinic, its number and the reference stand below each reply (templates/contact/mail/reply.txt).
SIGNED = "\n\n{me}"
# What the texts once ended with, and said twice.
SIGNED_TWICE = "\n{clinic}, {phone}"

# Nothing about anybody's health, no promise of a time and no price: those change, and the website says them.
REPLY_TEXTS: dict[str, str] = {
    title: f"Hello {{name}},\n\n{words}{SIGNED}"
    for title, words in {
        "We will phone you": "thank you for writing to us. We will phone you at the time you chose.",
        "We could not reach you by phone": "we tried to phone you and did not reach you. Please call us at {phone} and "
        "give your reference, {reference}. Or write back with a time that suits you; please leave out medical details.",
        "Please call us": "thank you for writing to us. This is easier to talk about than to write: e-mail is not "
        "private. Please call us at {phone} and give your reference, {reference}.",
        "Fees and insurance": "thank you for asking. Our fees are on our website, with what you can claim. Some plans "
        "pay us, some pay you back; your insurer can tell you about yours. Call us at {phone} if a question is left.",
        "How to find us": "thank you for asking. The way to us, parking and the entrance are on our website, on our "
        "clinic’s page. If you need help to get in, call us at {phone} before you come.",
        "We cannot help with this": "thank you for writing to us. This is something we do not do, so we do not want to "
        "keep you waiting. Your family doctor, or a nurse of the Yukon HealthLine at 811, can tell you who does.",
    }.items()
}


def add_later_words(apps: Apps, _schema_editor: Any) -> None:
    """Give each sign that is still there the phrases that are newer than its desk, and none that it once had.

    A sign that a manager deleted, or calls by another name, is left alone; one out of use stays out of use.
    """
    for sign in apps.get_model("contact", "RedFlag").objects.filter(name__in=ADDED_LATER):
        kept = sign.words.splitlines()
        known = {plain(phrase) for phrase in kept}
        new = [phrase for phrase in ADDED_LATER[sign.name] if plain(phrase) not in known]
        if new:
            sign.words = "\n".join([*kept, *new])
            sign.save(update_fields=["words"])


def sign_replies_once(apps: Apps, _schema_editor: Any) -> None:
    """Take the closing line from the first texts where nobody has changed them."""
    texts = apps.get_model("contact", "ReplyText").objects.filter(title__in=REPLY_TEXTS)
    for text in texts:
        # A browser that saved it unchanged wrote its own line ends.
        if "\n".join(text.body.splitlines()) == REPLY_TEXTS[text.title] + SIGNED_TWICE:
            text.body = REPLY_TEXTS[text.title]
            text.save(update_fields=["body"])


def add_first_words(apps: Apps, _schema_editor: Any) -> None:
    for name, words in RED_FLAGS.items():
        apps.get_model("contact", "RedFlag").objects.get_or_create(name=name, defaults={"words": "\n".join(words)})
    for order, (title, body) in enumerate(REPLY_TEXTS.items()):
        defaults = {"body": body, "sort_order": order}
        apps.get_model("contact", "ReplyText").objects.get_or_create(title=title, defaults=defaults)
