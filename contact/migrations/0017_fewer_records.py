from django.db import migrations, models


class Migration(migrations.Migration):
    """Receipts to one address are counted by the messages; an alarm is sent by its job, which one process claims.

    The table and the column stay for the version before; a later release drops them.
    """

    dependencies = [("contact", "0016_share")]

    operations = [
        migrations.RunSQL("DELETE FROM contact_mailedreceipts", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("MailedReceipts"),
                migrations.RemoveField("alarm", "claimed_until"),
            ]
        ),
        migrations.AlterField(
            "privacynotice", "text", models.TextField(help_text="As it was shown with the form, in Markdown.")
        ),
    ]
