"""Physiotherapists review the list of warning signs themselves, on record."""

import django.core.validators
from django.db import migrations, models

from contact.roles import add_new_permissions


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0010_more_warning_signs'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='redflag',
            options={'ordering': ['name'], 'permissions': [('review_redflag', 'Can review warning signs')], 'verbose_name': 'warning sign'},
        ),
        migrations.AddField(
            model_name='desksettings',
            name='red_flags_fingerprint',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='desksettings',
            name='red_flags_reviewed_by',
            field=models.CharField(blank=True, max_length=150, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='desksettings',
            name='keep_spam_days',
            field=models.PositiveSmallIntegerField(default=30, help_text='What is only suspected of being spam stays until somebody decides: look into that tray daily.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='keep spam, in days'),
        ),
        migrations.RunPython(add_new_permissions, migrations.RunPython.noop),
    ]
