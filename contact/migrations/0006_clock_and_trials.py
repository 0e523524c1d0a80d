"""Since when a job fails, whether a proof was a trial, and managers who may look at jobs and alarms."""

from django.db import migrations, models

from contact.roles import add_new_permissions


class Migration(migrations.Migration):
    dependencies = [("contact", "0005_first_words")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="failing_since",
            field=models.DateTimeField(help_text="Empty once it ends well again.", null=True),
        ),
        migrations.AddField(
            model_name="proofrun",
            name="is_trial",
            field=models.BooleanField(
                default=False, help_text="Through another address than the site's own.", verbose_name="a trial"
            ),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("undelivered", "Mail is not getting through"),
                    ("worker_stopped", "The worker has stopped"),
                    ("form_not_proven", "The enquiry form could not be proven to work"),
                    ("ledger_broken", "The ledger of deletions does not add up"),
                    ("job_failed", "Something that runs by the clock failed"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(add_new_permissions, migrations.RunPython.noop),
    ]
