"""Reviews of the warning signs are no longer an action of their own in the log: Wagtail cannot export unknown ones."""

from django.db import migrations


def rename_action(apps, _schema_editor):
    entries = apps.get_model("wagtailcore.ModelLogEntry").objects
    entries.filter(action="contact.review_warning_signs").update(action="wagtail.edit")


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0019_workflow"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(rename_action, migrations.RunPython.noop)]
