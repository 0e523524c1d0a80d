"""Hours and closures may be unfinished in a draft."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0010_wording'),
    ]

    operations = [
        migrations.AlterField(
            model_name='closure',
            name='first_day',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='closure',
            name='last_day',
            field=models.DateField(help_text='For a single day, the same as the first day.', null=True),
        ),
        migrations.AlterField(
            model_name='openinghours',
            name='closes',
            field=models.TimeField(help_text='When it closes on the same day, for example 17:00.', null=True),
        ),
        migrations.AlterField(
            model_name='openinghours',
            name='opens',
            field=models.TimeField(help_text='When the location opens, for example 08:30.', null=True),
        ),
        migrations.AlterField(
            model_name='openinghours',
            name='weekday',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], null=True),
        ),
    ]
