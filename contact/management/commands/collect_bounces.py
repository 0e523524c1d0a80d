from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contact.mail import bounces, mailboxes


class Command(BaseCommand):
    help = "Read the mailbox named by BOUNCES_URL, and record which of the site's messages came back."

    def handle(self, **_options: Any) -> None:
        try:
            self.stdout.write(f"{bounces.collect_bounces()}.")
        except mailboxes.Unreadable as error:
            raise CommandError(f"The mailbox of BOUNCES_URL cannot be read: {error}") from error
