"""Warning signs, ready-made replies, and what each role may do at the desk."""

from django.db import migrations

from contact.first_words import add_first_words
from contact.roles import add_new_permissions


class Migration(migrations.Migration):
    dependencies = [("contact", "0004_desk")]

    operations = [
        migrations.RunPython(add_first_words, migrations.RunPython.noop),
        migrations.RunPython(add_new_permissions, migrations.RunPython.noop),
    ]
