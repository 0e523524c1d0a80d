"""Bring stored rows up to date: no invisible characters in addresses and numbers, and one form for comparing names.

The functions are copies of `clinic.lib.characters` and `contact.models.enquiry.search_text` as they were in 2026.
"""

import re
import unicodedata

from django.db import migrations

INVISIBLE = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
LEFT_OUT = re.compile("['’‘‛ʼʻʹʽꞌ`´′＇\\-‐‑‒–]")
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)


def cleaned(text):
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))
    return " ".join("".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text).split())


def folded(text):
    plain = LEFT_OUT.sub("", INVISIBLE.sub("", text)).casefold().translate(PLAIN)
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign) and sign != "\0")
    return " ".join(LEFT_OUT.sub("", letters).split())


def clean_rows(apps, schema_editor):
    Enquiry = apps.get_model("contact.Enquiry")
    for enquiry in Enquiry._base_manager.iterator(chunk_size=500):
        enquiry.email, enquiry.phone = cleaned(enquiry.email), cleaned(enquiry.phone)
        names = (folded(enquiry.name), folded(enquiry.name).replace(" ", ""))
        numbers = (enquiry.phone_digits, enquiry.phone_normalised.removeprefix("+1").removeprefix("+"))
        words = (*names, folded(enquiry.email), *numbers, folded(enquiry.reference))
        enquiry.search_text = " ".join(dict.fromkeys(word for word in words if word))
        enquiry.save(update_fields=["email", "phone", "search_text"])
    Message = apps.get_model("contact.Message")
    for message in Message._base_manager.exclude(recipient="").iterator(chunk_size=500):
        if cleaned(message.recipient) != message.recipient:
            message.recipient = cleaned(message.recipient)
            message.save(update_fields=["recipient"])


class Migration(migrations.Migration):
    dependencies = [("contact", "0003_preferred_either")]

    operations = [migrations.RunPython(clean_rows, migrations.RunPython.noop)]
