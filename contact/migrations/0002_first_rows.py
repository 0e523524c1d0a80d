"""What a new site begins with: the warning signs and the reply templates. Managers change both afterwards."""

from django.db import migrations

WARNING_SIGNS = {
    "Trouble breathing": (
        "can't breathe", "cannot breathe", "can not breathe", "can't catch my breath", "hard to breathe",
        "hurts to breathe", "hurts when I breathe", "struggl* to breathe", "struggl* for breath", "short* of breath",
        "short breath", "breathless*", "trouble breathing", "difficult* breathing", "problem* breathing", "gasping",
        "mal à respirer", "essoufflé*", "can't ... breathe", "can't ... breath", "can't get ... air",
        "difficult* to breathe", "difficult* ... breathing", "breathing is ... difficult*", "breathing is ... hard*",
        "breathing ... become* difficult*", "hard* ... breathing", "out of breath", "out of my breath",
        "trouble ... breathing", "trouble ... breathe", "pain* ... breathe", "pain* ... breathing",
        "cough* ... blood",
    ),
    "Chest pain": (
        "chest pain*", "chest hurts", "chest is tight", "chest feels tight", "tight chest", "tightness + chest",
        "pain* in my chest", "pain* in the chest", "pain* in her chest", "pain* in his chest",
        "pain* across my chest", "chest pressure", "pressure + my chest", "heart attack", "douleur* à la poitrine",
        "mal à la poitrine", "pain* ... chest", "chest ... pain*", "hurt* ... chest", "chest ... hurt*",
        "ache* ... chest", "aching ... chest", "chest ... ache*", "chest ... aching", "chest ... tight*",
        "tight* ... chest", "chest ... heavy", "heaviness ... chest", "chest discomfort", "discomfort ... chest",
    ),
    "Breath or chest after needling": (
        "collapsed lung", "pneumothorax", "needl* + breath*", "needl* + cough*", "needl* + chest", "IMS + breath*",
        "IMS + cough*", "IMS + chest",
    ),
    "Numb between the legs": (
        "numb* + between my legs", "numb* + between the legs", "numb* + groin", "numb* + genital*", "numb* + crotch",
        "numb* + buttock*", "numb* + saddle", "numb* + bum", "numb* + private parts", "numb* + when I wipe",
        "saddle an*esthesia", "no feeling + between my legs", "can't feel + between my legs", "can't feel + groin",
        "can't feel + when I wipe", "tingl* + between my legs", "tingl* + genital*", "pins and needles + groin",
        "numb* ... between ... leg*", "numb* ... between ... thigh*", "tingl* ... between ... leg*",
        "lost ... feeling + between", "lost ... feeling + groin", "lost ... feeling + genital*",
        "lost ... feeling + crotch", "lost ... feeling + buttock*", "lost ... feeling + bum",
        "lost ... feeling + private parts", "lost ... feeling + when I wipe", "losing ... feeling + between",
        "losing ... feeling + groin", "losing ... feeling + genital*", "losing ... feeling + crotch",
        "losing ... feeling + buttock*", "losing ... feeling + bum", "losing ... feeling + private parts",
        "losing ... feeling + when I wipe", "loss of feeling + between", "loss of feeling + groin",
        "loss of feeling + genital*", "loss of feeling + crotch", "loss of feeling + buttock*",
        "loss of feeling + bum", "loss of feeling + private parts", "loss of feeling + when I wipe",
        "no feeling + between", "no feeling + groin", "no feeling + genital*", "no feeling + crotch",
        "no feeling + buttock*", "no feeling + bum", "no feeling + private parts", "no feeling + when I wipe",
        "lost ... sensation + between", "lost ... sensation + groin", "lost ... sensation + genital*",
        "lost ... sensation + crotch", "lost ... sensation + buttock*", "lost ... sensation + bum",
        "lost ... sensation + private parts", "lost ... sensation + when I wipe", "loss of sensation + between",
        "loss of sensation + groin", "loss of sensation + genital*", "loss of sensation + crotch",
        "loss of sensation + buttock*", "loss of sensation + bum", "loss of sensation + private parts",
        "loss of sensation + when I wipe", "can't feel + between", "can't feel ... wip*", "can't feel + genital*",
        "can't feel + bum",
    ),
    "Bladder or bowel control": (
        "can't pee", "cannot pee", "unable to pee", "can't urinate", "cannot urinate", "unable to urinate",
        "trouble peeing", "can't feel + pee*", "wet myself", "wetting myself", "soil* myself", "incontinen*",
        "los* control + bladder", "los* control + bowel*", "los* of control + bladder", "los* of control + bowel*",
        "loss of bladder", "loss of bowel", "lost bladder control", "lost bowel control", "can't control my bladder",
        "can't control my bowel*", "can't hold my pee", "can't hold my urine", "can't hold my stool*",
        "can't control ... bladder", "can't control ... bowel*", "can't control ... pee", "can't control ... urin*",
        "can't hold ... bladder", "can't hold ... bowel*", "can't hold ... pee", "can't hold ... urin*",
        "no control ... bladder", "no control ... bowel*", "no control ... pee", "no control ... urin*",
        "lost ... control ... bladder", "lost ... control ... bowel*", "lost ... control ... pee",
        "lost ... control ... urin*", "losing ... control ... bladder", "losing ... control ... bowel*",
        "losing ... control ... pee", "losing ... control ... urin*", "loss of control ... bladder",
        "loss of control ... bowel*", "loss of control ... pee", "loss of control ... urin*",
        "can't feel ... bladder", "can't feel ... bowel*", "can't feel ... pee", "can't feel ... urin*",
        "can't empty ... bladder", "can't empty ... bowel*", "can't empty ... pee", "can't empty ... urin*",
        "can't go pee", "peed myself", "pooped myself",
    ),
    "Signs of a stroke": (
        "stroke", "face + droop*", "mouth + droop*", "slurr*", "can't speak", "can't find words",
        "one side of my body", "one side of my face", "sudden* + weak*", "sudden* + can't see",
        "sudden* + double vision", "lost vision", "loss of vision", "AVC", "can't talk properly", "can't talk right",
        "can't talk clearly", "can't get ... words out", "trouble speaking", "trouble talking", "difficult* speaking",
        "difficult* talking", "numb* + arm and leg", "numb* + arm and my leg", "numb* + leg and arm",
        "weak* + arm and leg", "vision loss", "loss of ... vision", "los* ... vision", "lost ... sight",
        "can't see out of", "went blind",
    ),
    "Sudden severe headache": (
        "worst headache", "thunderclap", "sudden* + headache*", "severe headache*", "stiff neck + fever",
        "headache + fever", "headache + vomit*",
    ),
    "Swollen, painful calf or leg": (
        "blood clot*", "DVT", "thrombosis", "calf + swell*", "calf + swoll*", "calf + red", "calf + hot",
        "calf + warm", "leg + swoll* + pain*", "leg + swell* + pain*",
    ),
    "Fever with back pain": (
        "fever* + back", "chills + back", "night sweats + back", "fièvre + dos",
    ),
    "A fresh fall or accident": (
        "fell + today", "fell + yesterday", "fell + last night", "fell + this morning", "fell + just now",
        "fell + hours ago", "a fall + today", "a fall + yesterday", "a fall + last night", "a fall + this morning",
        "a fall + just now", "a fall + hours ago", "accident + today", "accident + yesterday",
        "accident + last night", "accident + this morning", "accident + just now", "accident + hours ago",
        "crash* + today", "crash* + yesterday", "crash* + last night", "crash* + this morning", "crash* + just now",
        "crash* + hours ago", "rolled my + today", "rolled my + yesterday", "rolled my + last night",
        "rolled my + this morning", "rolled my + just now", "rolled my + hours ago", "hit my head", "knocked out",
        "passed out", "blacked out", "can't put weight", "cannot put weight", "bone sticking out",
        "can't move my legs", "can't move my arm*", "can't feel my legs", "can't feel ... legs",
        "lost ... feeling ... legs", "can't move ... legs",
    ),
    "Thoughts of suicide": (
        "suicid*", "kill myself", "killing myself", "end my life", "ending my life", "end it all", "want to die",
        "wish I was dead", "wish I were dead", "better off dead", "don't want to live", "do not want to live",
        "no reason to live", "can't go on anymore", "self harm*", "harm myself", "harming myself",
        "hurting myself on purpose", "me tuer", "envie de mourir",
    ),
}

REPLY_TEMPLATES = {
    'We will call you': (
        'Hello {name},\n'
        '\n'
        'Thank you for writing to us. We will call you at the time you chose.\n'
        '\n'
        '{me}'
    ),
    'We could not reach you by phone': (
        'Hello {name},\n'
        '\n'
        'We tried to call you but could not reach you. Please call us at {phone} and give your reference, {reference}, or write back with a time that suits you. Please leave out medical details.\n'
        '\n'
        '{me}'
    ),
    'Please call us': (
        'Hello {name},\n'
        '\n'
        'Thank you for writing to us. This is easier to talk about than to write about, and e-mail is not private. Please call us at {phone} and give your reference, {reference}.\n'
        '\n'
        '{me}'
    ),
    'Fees and insurance': (
        'Hello {name},\n'
        '\n'
        'Thank you for asking. You will find our fees on our website. Insurance plans differ, so please ask your insurer what yours covers. If you have any other questions, please call us at {phone}.\n'
        '\n'
        '{me}'
    ),
    'How to find us': (
        'Hello {name},\n'
        '\n'
        'Thank you for asking. You will find directions, parking and the entrance on our website. If you need help getting in, please call us at {phone} before you come.\n'
        '\n'
        '{me}'
    ),
    'We cannot help with this': (
        'Hello {name},\n'
        '\n'
        'Thank you for writing to us. Unfortunately, we do not offer this. Your family doctor, or a nurse at the Yukon HealthLine (811), may be able to tell you who does.\n'
        '\n'
        '{me}'
    ),
}


def add_first_rows(apps, schema_editor):
    RedFlag = apps.get_model("contact.RedFlag")
    ReplyText = apps.get_model("contact.ReplyText")
    for name, phrases in WARNING_SIGNS.items():
        RedFlag.objects.get_or_create(name=name, defaults={"words": "\n".join(phrases)})
    for order, (title, body) in enumerate(REPLY_TEMPLATES.items()):
        ReplyText.objects.get_or_create(title=title, defaults={"body": body, "sort_order": order})


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial")]

    operations = [migrations.RunPython(add_first_rows, migrations.RunPython.noop)]
