"""What a new site begins with: the warning signs and the reply templates. Managers change both afterwards."""

import tomllib
from pathlib import Path

from django.db import migrations

# Data, not code: a new database begins with the list as it is on that day.
WARNING_SIGNS = tomllib.loads(
    Path(__file__).parents[1].joinpath("screening/default_signs.toml").read_text(encoding="utf-8")
)

REPLY_TEMPLATES = {
    'We will call you': (
        'Hello {name},\n\n'
        'Thank you for writing to us. We will call you{when}. If you miss our call, please call us back at {phone} and give your reference, {reference}.\n\n'
        'Kind regards,\n{me}'
    ),
    'We could not reach you by phone': (
        'Hello {name},\n\n'
        'We tried to call you, but could not reach you. Please call us at {phone} and give your reference, {reference}, or answer this e-mail with a time that suits you. Please leave out medical details.\n\n'
        'Kind regards,\n{me}'
    ),
    'Please call us': (
        'Hello {name},\n\n'
        'Thank you for writing to us. This is easier to talk about, and e-mail is not private. Please call us at {phone} and give your reference, {reference}.\n\n'
        'Kind regards,\n{me}'
    ),
    'Fees and insurance': (
        'Hello {name},\n\n'
        'Thank you for asking about our fees. You will find them here:\n{page:fees}\n\nInsurance plans differ, so please ask your insurer what yours covers. If you have any other questions, please call us at {phone}.\n\n'
        'Kind regards,\n{me}'
    ),
    'How to find us': (
        'Hello {name},\n\n'
        'Thank you for asking how to find us. Directions, parking and the entrance are described here:\n{page:locations}\n\nIf you need help getting in, please call us at {phone} before you come.\n\n'
        'Kind regards,\n{me}'
    ),
    'We cannot help with this': (
        'Hello {name},\n\n'
        'Thank you for writing to us. Unfortunately, we do not offer this. Your family doctor, or a nurse at the Yukon HealthLine (811), may be able to tell you who does.\n\n'
        'Kind regards,\n{me}'
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
