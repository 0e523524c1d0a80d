"""More of the words that patients use for warning signs, also for desks that have their list already."""

from django.db import migrations

from contact.first_words import add_later_words


class Migration(migrations.Migration):
    dependencies = [("contact", "0009_workflow_name")]

    operations = [migrations.RunPython(add_later_words, migrations.RunPython.noop)]
