"""Let managers and physiotherapists put notices over the pages."""

from django.db import migrations

from contact.roles import allow_notices


class Migration(migrations.Migration):
    dependencies = [("contact", "0002_roles"), ("clinic", "0006_notices")]

    operations = [migrations.RunPython(allow_notices, migrations.RunPython.noop)]
