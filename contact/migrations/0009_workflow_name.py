from django.db import migrations

from contact.roles import name_workflow_as_buttons_read


class Migration(migrations.Migration):

    dependencies = [
        ("contact", "0008_last_notify_email"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunPython(name_workflow_as_buttons_read, migrations.RunPython.noop),
    ]
