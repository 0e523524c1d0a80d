"""Send what waits in the outbox, once; `manage.py work` does it all the time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contact.delivery import deliver_due


class Command(BaseCommand):
    help = "Send the enquiries' outgoing messages that are due."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{deliver_due()}.")
