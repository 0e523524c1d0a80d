"""Let managers and physiotherapists put notices over the pages."""

from django.db import migrations

from contact.roles import add_new_permissions


class Migration(migrations.Migration):
    dependencies = [("contact", "0002_roles"), ("clinic", "0006_notices")]

    operations = [migrations.RunPython(add_new_permissions, migrations.RunPython.noop)]
