"""Pages that are only due again no longer have a workflow of their own; those that are in it stay there to its end."""

from django.db import migrations


def deactivate(apps, _schema_editor):
    workflows = apps.get_model("wagtailcore.Workflow").objects
    workflows.filter(name="a physiotherapist", workflow_pages=None).update(active=False)


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0010_wording"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(deactivate, migrations.RunPython.noop)]
