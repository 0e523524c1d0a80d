"""Fees and findings may be unfinished in a draft."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0011_one_workflow'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evidence',
            name='year',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='fee',
            name='amount',
            field=models.DecimalField(decimal_places=2, help_text='What the visit costs, in Canadian dollars.', max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0)]),
        ),
    ]
