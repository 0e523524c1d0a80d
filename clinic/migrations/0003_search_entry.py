
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0002_first_home_page'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='wagtailcore.page')),
                ('title', models.TextField()),
                ('names', models.TextField()),
                ('introduction', models.TextField()),
                ('body', models.TextField()),
                ('words', models.TextField(verbose_name='the words of title and names, in lower case; on a second line, those of the text')),
                ('text', models.TextField(verbose_name="the page's text, one passage on each line")),
            ],
            options={
                'verbose_name_plural': 'search entries',
                'default_permissions': (),
            },
        ),
        migrations.AlterField(
            model_name='searchwords',
            name='synonyms',
            field=models.TextField(blank=True, help_text='One group per line, separated by commas: “ims, dry needling, needling”. A search for one of them also finds pages with the others. Many are built in, some of them French: add the words that your patients use.'),
        ),
    ]
