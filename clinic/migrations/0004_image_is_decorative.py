from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_demo_record")]

    operations = [
        migrations.RenameField("clinicimage", "decorative", "is_decorative"),
        migrations.AlterField(
            "clinicimage",
            "is_decorative",
            models.BooleanField(
                "decorative",
                default=False,
                help_text="Tick only when the picture adds nothing to the words: screen readers then pass over it.",
            ),
        ),
    ]
