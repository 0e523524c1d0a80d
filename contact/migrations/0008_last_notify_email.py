from django.db import migrations, models


def remember(apps, _schema_editor):
    """Copy the address that the clinic's details name today."""
    chosen = apps.get_model("clinic", "ClinicDetails").objects.exclude(notify_email="").first()
    if chosen:
        desk, _ = apps.get_model("contact", "DeskSettings").objects.get_or_create(pk=1)
        desk.last_notify_email = chosen.notify_email
        desk.save(update_fields=["last_notify_email"])


class Migration(migrations.Migration):

    dependencies = [
        ("clinic", "0008_one_promise"),
        ("contact", "0007_where_it_is_stored"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="last_notify_email",
            field=models.EmailField(blank=True, editable=False, max_length=254),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
