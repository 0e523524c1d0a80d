"""Ready-made replies end with a name: the clinic and its number are put below each reply anyway."""

from django.db import migrations

from contact.first_words import sign_replies_once


class Migration(migrations.Migration):
    dependencies = [("contact", "0011_review_of_warning_signs")]

    operations = [migrations.RunPython(sign_replies_once, migrations.RunPython.noop)]
