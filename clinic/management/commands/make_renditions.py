"""Make the renditions that are missing."""

from typing import Any

from django.core.management.base import BaseCommand

from clinic.images.renditions import make_all


class Command(BaseCommand):
    help = "Makes missing renditions, for example after a change of shapes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = make_all()
        self.stdout.write(f"Made {made} renditions." if made else "No renditions were missing.")
