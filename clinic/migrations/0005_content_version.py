from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0004_image_is_decorative")]

    operations = [
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
    ]
