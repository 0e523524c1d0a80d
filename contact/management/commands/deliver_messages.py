from typing import Any

from django.core.management.base import BaseCommand

from contact.mail.outbox import deliver_due


class Command(BaseCommand):
    help = "Send the outgoing messages that are due."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{deliver_due()}.")
