"""Ready-made replies end with a name: the clinic and its number are put below each reply anyway."""

from django.db import migrations

from contact.first_words import sign_replies_once


class Migration(migrations.Migration):
    dependencies = [("contact", "0012_numbers_as_dialled")]

    operations = [migrations.RunPython(sign_replies_once, migrations.RunPython.noop)]
